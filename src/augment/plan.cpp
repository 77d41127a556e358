#include "ser/augment/plan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ser/core/config.h"
#include "ser/core/error.h"

namespace ser::augment {
namespace {

// Each copy of each clip is kept in memory, so a plan of thousands is a mistake.
constexpr int kMaxCopies = 64;
constexpr std::size_t kMaxSteps = 16;

[[noreturn]] void reject(const std::string& path, const std::string& why) {
  throw core::ConfigError("E_CONFIG_VALUE", path + ": " + why);
}

std::string element(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// What stands beside the kind of a step.
struct StepConfig {
  double probability = 1.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("probability", self.probability, "how likely the step is applied", core::Range{0.0, 1.0});
  }
};

struct EntryConfig {
  int copies = 1;
  core::Json steps = core::Json::array();

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("copies", self.copies, "how many copies are made", core::Range{1, kMaxCopies});
    visit("steps", self.steps, "the steps of each of them");
  }
};

}  // namespace

AugmentationPlan::AugmentationPlan() : entries_(1), copies_(1, 0) {}

AugmentationPlan::AugmentationPlan(const core::Json& plan, const std::string& path) {
  if (!plan.is_array() || plan.empty()) {
    reject(path,
           "expected a list of copies with at least one, such as [[], [{\"noise\": {}}]], "
           "found " +
               core::config_detail::excerpt(plan));
  }
  for (const auto& entry : plan) {
    const std::size_t index = entries_.size();
    entries_.push_back(read_entry(entry, element(path, index)));
    copies_.insert(copies_.end(), entries_.back().copies, index);
    if (copies_.size() > kMaxCopies) {
      reject(path, "at most " + std::to_string(kMaxCopies) + " copies are made, found more");
    }
  }
}

AugmentationPlan::Entry AugmentationPlan::read_entry(const core::Json& entry,
                                                     const std::string& path) {
  EntryConfig config;
  std::string steps_path = path;
  if (entry.is_object()) {
    config = core::config_from_json<EntryConfig>(entry, path);
    steps_path += ".steps";
  } else {
    config.steps = entry;
  }
  if (!config.steps.is_array()) {
    reject(steps_path, "expected a list of steps, such as [] or [{\"noise\": {}}], found " +
                           core::config_detail::excerpt(config.steps));
  }
  if (config.steps.size() > kMaxSteps) {
    reject(steps_path, "at most " + std::to_string(kMaxSteps) + " steps are applied, found " +
                           std::to_string(config.steps.size()));
  }
  Entry read;
  read.copies = static_cast<std::size_t>(config.copies);
  for (const auto& json : config.steps) {
    const std::string step_path = element(steps_path, read.steps.size());
    Step step = read_step(json, step_path);
    if (!read.steps.empty()) {
      const Augmentation& before = *read.steps.back().augmentation;
      const Augmentation& after = *step.augmentation;
      const std::string both =
          std::string(after.kind()) + " behind " + std::string(before.kind()) + ": ";
      if (after.stage() < before.stage()) {
        reject(step_path, both +
                              "it acts earlier on the way from samples to features, so it has "
                              "to stand earlier");
      }
      if (after.stage() == Stage::kAnalysis && before.stage() == Stage::kAnalysis) {
        reject(step_path, both + "a copy has one step of this sort");
      }
    }
    read.steps.push_back(std::move(step));
  }
  return read;
}

AugmentationPlan::Step AugmentationPlan::read_step(const core::Json& step,
                                                   const std::string& path) {
  const auto refuse = [&] {
    reject(path,
           "expected an object with one key, such as {\"noise\": {}}, and perhaps "
           "\"probability\", found " +
               core::config_detail::excerpt(step));
  };
  if (!step.is_object()) refuse();
  core::Json beside = core::Json::object();
  std::optional<std::string> kind;
  for (const auto& [key, value] : step.items()) {
    if (key == "probability") {
      beside[key] = value;
    } else if (!kind) {
      kind = key;
    } else {
      refuse();
    }
  }
  if (!kind) refuse();
  const double probability = core::config_from_json<StepConfig>(beside, path).probability;
  return {make_augmentation(*kind, step.at(*kind), path + "." + *kind), probability};
}

std::string AugmentationPlan::copy_name(std::size_t copy) const {
  std::string name;
  for (const Step& step : entries_[copies_.at(copy)].steps) {
    name += (name.empty() ? "" : "+") + std::string(step.augmentation->kind());
    if (step.probability < 1.0) name += "?";
  }
  return name.empty() ? "as is" : name;
}

bool AugmentationPlan::acts_on_features_only(std::size_t copy) const {
  return std::ranges::all_of(entries_[copies_.at(copy)].steps, [](const Step& step) {
    return step.augmentation->stage() == Stage::kFeatures;
  });
}

core::Json AugmentationPlan::to_json() const {
  core::Json plan = core::Json::array();
  for (const Entry& entry : entries_) {
    core::Json steps = core::Json::array();
    for (const Step& step : entry.steps) {
      core::Json json = core::Json::object();
      json[std::string(step.augmentation->kind())] = step.augmentation->configuration();
      if (step.probability < 1.0) json["probability"] = step.probability;
      steps.push_back(std::move(json));
    }
    if (entry.copies == 1) {
      plan.push_back(std::move(steps));
    } else {
      plan.push_back({{"copies", entry.copies}, {"steps", std::move(steps)}});
    }
  }
  return plan;
}

void AugmentationPlan::for_each_step(
    std::size_t copy, Stage stage, const core::RandomStream& random,
    const std::function<void(const Augmentation&, const core::RandomStream&)>& use) const {
  const core::RandomStream copy_random = random.fork(copy);
  std::uint64_t step_index = 0;
  for (const Step& step : entries_[copies_.at(copy)].steps) {
    const core::RandomStream step_random = copy_random.fork(step_index++);
    if (step.augmentation->stage() != stage) continue;
    if (step_random.fork("probability").uniform() < step.probability) {
      use(*step.augmentation, step_random);
    }
  }
}

audio::Waveform AugmentationPlan::apply(std::size_t copy, const audio::Waveform& input,
                                        const core::RandomStream& random) const {
  audio::Waveform waveform = input;
  for_each_step(copy, Stage::kWaveform, random, [&](const auto& step, const auto& step_random) {
    waveform = step.apply(waveform, step_random);
  });
  return waveform;
}

dsp::FrequencyWarp AugmentationPlan::frequency_warp(std::size_t copy,
                                                    const core::RandomStream& random) const {
  dsp::FrequencyWarp warp;
  for_each_step(copy, Stage::kAnalysis, random, [&](const auto& step, const auto& step_random) {
    warp = step.frequency_warp(step_random);
  });
  return warp;
}

void AugmentationPlan::apply_to_features(std::size_t copy, Eigen::MatrixXf& values,
                                         std::span<const dsp::RowRange> spectra,
                                         const core::RandomStream& random) const {
  for_each_step(copy, Stage::kFeatures, random, [&](const auto& step, const auto& step_random) {
    step.apply_to_features(values, spectra, step_random);
  });
}

}  // namespace ser::augment
