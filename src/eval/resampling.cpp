#include "eval/resampling.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ser/core/error.h"
#include "ser/core/random.h"

#include "eval/quantiles.h"

namespace ser::eval {
namespace {

// Resamples in which a metric may be undefined for it to have an interval.
constexpr double kMostUndefined = 0.05;

// Of a thousand classes 2,000 resamples would take minutes.
int affordable(int resamples, std::size_t classes) {
  constexpr double kMostCounts = 2e8;
  const auto squares = static_cast<double>(classes) * static_cast<double>(classes);
  return static_cast<int>(
      std::min<double>(resamples, std::max(100.0, kMostCounts / (squares + 1.0))));
}

// Why clips are resampled and not speakers, of whom `known` have a name; "" where speakers can be.
std::string reason_for_clips(std::size_t known, std::size_t nameless) {
  if (known == 0) {
    return ", since nothing is known of speakers: they are too narrow if clips of one voice are "
           "alike";
  }
  if (nameless > 0) {
    return ", since the speaker of " + std::to_string(nameless) +
           " is unknown: they are too narrow if clips of one voice are alike";
  }
  if (known >= kLeastSpeakers) return "";
  return ": " + std::to_string(known) + (known == 1 ? " speaker is" : " speakers are") +
         " too few to tell how other speakers would do (" + std::to_string(kLeastSpeakers) +
         " are needed), so they hold for other clips of the same voices only";
}

}  // namespace

Units draw_units(std::size_t clips, const std::vector<std::string>& speakers, std::size_t classes,
                 const BootstrapConfig& config, Intervals& intervals) {
  if (!speakers.empty() && speakers.size() != clips) {
    throw core::ConfigError("E_METRICS_INPUT", "a speaker is needed for every clip, or for none");
  }
  if (config.resamples < 1 || !(config.level > 0.0 && config.level < 1.0)) {
    throw core::ConfigError("E_METRICS_INPUT",
                            "a bootstrap needs a resample, and a level between 0 and 1");
  }
  intervals.resamples = affordable(config.resamples, classes);
  intervals.level = config.level;
  std::map<std::string, std::vector<std::size_t>> by_speaker;
  for (std::size_t i = 0; i < speakers.size(); ++i) by_speaker[speakers[i]].push_back(i);
  const auto unknown = by_speaker.find("");
  const std::size_t nameless = unknown == by_speaker.end() ? 0 : unknown->second.size();
  const std::size_t known = by_speaker.size() - (nameless > 0 ? 1 : 0);
  const std::string reason = reason_for_clips(known, nameless);
  Units units;
  if (reason.empty()) {
    for (auto& [speaker, members] : by_speaker) units.push_back(std::move(members));
    intervals.unit = Intervals::Unit::kSpeakers;
    intervals.statement = "intervals resample " + std::to_string(known) + " speakers";
  } else {
    for (std::size_t i = 0; i < clips; ++i) units.push_back({i});
    intervals.unit = Intervals::Unit::kClips;
    intervals.statement = "intervals resample " + std::to_string(clips) + " clips" + reason;
  }
  intervals.units = units.size();
  return units;
}

std::vector<Values> resample(const Units& units, std::size_t clips, int resamples,
                             const BootstrapConfig& config, core::ThreadPool& pool,
                             const std::function<Values(std::span<const std::int32_t>)>& values) {
  std::vector<Values> drawn(units.empty() ? 0 : static_cast<std::size_t>(resamples));
  const auto stream = core::RandomStream(config.seed).fork("bootstrap");
  pool.parallel_for(drawn.size(), [&](std::size_t r, int) {
    if (config.stop_requested && config.stop_requested()) throw core::Interrupted();
    auto random = stream.fork(r);
    std::vector<std::int32_t> times(clips);
    for (std::size_t draw = 0; draw < units.size(); ++draw) {
      for (const std::size_t clip : units[random.below(units.size())]) ++times[clip];
    }
    drawn[r] = values(times);
  });
  return drawn;
}

double lower_percentile(double level, std::size_t units) {
  const double tail = (1.0 - level) / 2.0;
  if (units < 2) return 0.0;
  const auto n = static_cast<double>(units);
  const auto freedom = static_cast<int>(std::min<std::size_t>(units - 1, 1'000'000'000));
  return normal_cdf(-student_quantile(1.0 - tail, freedom) * std::sqrt(n / (n - 1.0)));
}

std::optional<std::vector<double>> sorted_values(const std::vector<Values>& resamples,
                                                 std::size_t metric) {
  std::vector<double> values;
  for (const auto& one : resamples) {
    if (one[metric]) values.push_back(*one[metric]);
  }
  const auto least = (1.0 - kMostUndefined) * static_cast<double>(resamples.size());
  if (values.empty() || static_cast<double>(values.size()) < least) return std::nullopt;
  std::ranges::sort(values);
  return values;
}

}  // namespace ser::eval
