#include "ser/augment/plan.h"

#include <utility>

#include "ser/core/config.h"
#include "ser/core/error.h"

namespace ser::augment {
namespace {

// Each copy of each clip is kept in memory, so a plan of thousands is a mistake.
constexpr std::size_t kMaxCopies = 64;
constexpr std::size_t kMaxSteps = 16;

[[noreturn]] void reject(const std::string& path, const std::string& why) {
  throw core::ConfigError("E_CONFIG_VALUE", path + ": " + why);
}

std::string element(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

std::shared_ptr<const Augmentation> read_step(const core::Json& step, const std::string& path) {
  if (!step.is_object() || step.size() != 1) {
    reject(path, "expected an object with one key, such as {\"noise\": {}}, found " +
                     core::config_detail::excerpt(step));
  }
  const auto only = step.begin();
  return make_augmentation(only.key(), only.value(), path + "." + only.key());
}

}  // namespace

AugmentationPlan::AugmentationPlan() : copies_(1) {}

AugmentationPlan::AugmentationPlan(const core::Json& plan, const std::string& path) {
  if (!plan.is_array() || plan.empty()) {
    reject(path,
           "expected a list of copies with at least one, such as [[], [{\"noise\": {}}]], "
           "found " +
               core::config_detail::excerpt(plan));
  }
  if (plan.size() > kMaxCopies) {
    reject(path, "at most " + std::to_string(kMaxCopies) + " copies are made, found " +
                     std::to_string(plan.size()));
  }
  for (const auto& copy : plan) {
    const std::string copy_path = element(path, copies_.size());
    if (!copy.is_array()) {
      reject(copy_path, "expected a list of steps, such as [] or [{\"noise\": {}}], found " +
                            core::config_detail::excerpt(copy));
    }
    if (copy.size() > kMaxSteps) {
      reject(copy_path, "at most " + std::to_string(kMaxSteps) + " steps are applied, found " +
                            std::to_string(copy.size()));
    }
    auto& steps = copies_.emplace_back();
    for (const auto& step : copy) {
      steps.push_back(read_step(step, element(copy_path, steps.size())));
    }
  }
}

std::string AugmentationPlan::copy_name(std::size_t copy) const {
  std::string name;
  for (const auto& step : copies_.at(copy)) {
    name += (name.empty() ? "" : "+") + std::string(step->kind());
  }
  return name.empty() ? "as is" : name;
}

core::Json AugmentationPlan::to_json() const {
  core::Json plan = core::Json::array();
  for (const auto& copy : copies_) {
    core::Json steps = core::Json::array();
    for (const auto& step : copy) {
      core::Json json = core::Json::object();
      json[std::string(step->kind())] = step->parameters();
      steps.push_back(std::move(json));
    }
    plan.push_back(std::move(steps));
  }
  return plan;
}

audio::Waveform AugmentationPlan::apply(std::size_t copy, const audio::Waveform& input,
                                        const core::RandomStream& random) const {
  audio::Waveform waveform = input;
  const core::RandomStream copy_random = random.fork(copy);
  std::uint64_t step_index = 0;
  for (const auto& step : copies_.at(copy)) {
    waveform = step->apply(waveform, copy_random.fork(step_index++));
  }
  return waveform;
}

}  // namespace ser::augment
