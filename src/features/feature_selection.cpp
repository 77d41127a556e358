#include "features/feature_selection.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "ser/core/error.h"

namespace ser::features {
namespace {

[[noreturn]] void reject(const std::string& message) {
  throw core::ConfigError("E_CONFIG_VALUE", message);
}

template <class Entry, std::size_t kCount>
const Entry* find_named(const Entry (&entries)[kCount], std::string_view name) {
  const auto* const found = std::find_if(std::begin(entries), std::end(entries),
                                         [name](const Entry& entry) { return entry.name == name; });
  return found == std::end(entries) ? nullptr : found;
}

const Descriptor* find_descriptor(std::string_view name) { return find_named(kDescriptors, name); }

const Functionals* find_functionals(std::string_view name) {
  return find_named(kFunctionals, name);
}

template <class Entries>
std::string names_of(const Entries& entries) {
  std::string list;
  for (const auto& entry : entries) {
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  return list;
}

[[noreturn]] void reject_unknown(const std::string& list, const std::string& name,
                                 const std::string& known) {
  reject(list + ": unknown name \"" + name + "\"; known are " + known);
}

[[noreturn]] void reject_repeated(const std::string& list, const std::string& name) {
  reject(list + ": \"" + name + "\" stands twice");
}

// Calls find(name) for each of the names of one list.
template <class Entry, class Entries>
std::vector<const Entry*> look_up(const std::string& list, const std::vector<std::string>& names,
                                  const Entry* (*find)(std::string_view), const Entries& known) {
  std::vector<const Entry*> found;
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    const Entry* const entry = find(name);
    if (entry == nullptr) reject_unknown(list, name, names_of(known));
    if (!seen.insert(name).second) reject_repeated(list, name);
    found.push_back(entry);
  }
  return found;
}

// Memory and work for each sample of a clip grow with what is computed for a frame, divided by the
// hop.
void check_density(const FeatureConfig& config, int rows, int working_values) {
  constexpr int kMostValuesPerSample = 64;
  const int values = config.fft_size / 2 + 1 + config.mel_bands + rows + working_values;
  const int least_hop = (values + kMostValuesPerSample - 1) / kMostValuesPerSample;
  if (config.hop_length < least_hop) {
    reject("hop_length: with frames of " + std::to_string(config.fft_size) + " samples and " +
           std::to_string(rows) + " features it must be at least " + std::to_string(least_hop) +
           ", found " + std::to_string(config.hop_length));
  }
}

}  // namespace

FeatureSelection select_features(const FeatureConfig& config) {
  core::check_config(config);
  if (config.mfcc_count > config.mel_bands) {
    reject("mfcc_count: must be at most mel_bands (" + std::to_string(config.mel_bands) +
           "), found " + std::to_string(config.mfcc_count));
  }
  FeatureSelection selection;
  selection.descriptors =
      look_up<Descriptor>("descriptors", config.descriptors, &find_descriptor, kDescriptors);
  selection.statistics =
      look_up<Statistic>("statistics", config.statistics, &find_statistic, statistics());
  selection.functionals =
      look_up<Functionals>("functionals", config.functionals, &find_functionals, kFunctionals);
  // Functionals alone will do, and then statistics have nothing to work on.
  if (selection.descriptors.empty() && selection.functionals.empty()) {
    reject("descriptors: must name at least one of " + names_of(kDescriptors));
  }
  const bool gives_frames = config.form == "frames";
  if (gives_frames && !selection.functionals.empty()) {
    reject("functionals: they describe a whole clip, so form frames has no place for them");
  }
  if (!gives_frames && config.spectrum_normalization != "none") {
    reject("spectrum_normalization: is of form frames only, found form clip");
  }
  if (selection.statistics.empty() && !selection.descriptors.empty() && !gives_frames) {
    reject("statistics: must name at least one of " + names_of(statistics()));
  }
  int working_values = 0;
  for (const Descriptor* descriptor : selection.descriptors) {
    const RowLayout layout = descriptor->layout(config);
    selection.rows += layout.rows();
    working_values = std::max(working_values, layout.working_values());
  }
  for (const Functionals* functionals : selection.functionals) {
    working_values = std::max(working_values, functionals->working_values(config));
  }
  check_density(config, selection.rows * (1 + config.delta_order), working_values);
  return selection;
}

}  // namespace ser::features
