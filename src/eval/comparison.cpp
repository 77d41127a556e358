#include "ser/eval/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

#include "eval/quantiles.h"
#include "eval/resampling.h"

namespace ser::eval {
namespace {

using corpus::display_name;

[[noreturn]] void reject_comparison(const std::string& why) {
  throw core::ConfigError("E_COMPARE_INPUT", why);
}

// Index of each of `classes` in the list before; the orders may differ, the classes may not.
std::vector<Eigen::Index> match_classes(const std::vector<std::string>& before,
                                        const std::vector<std::string>& after) {
  std::vector<Eigen::Index> places;
  for (const auto& name : before) {
    const auto found = std::ranges::find(after, name);
    if (found == after.end() || before.size() != after.size()) {
      reject_comparison("the two do not tell the same classes apart: \"" + display_name(name) +
                        "\" is not one of the other's");
    }
    places.push_back(found - after.begin());
  }
  return places;
}

// The clips of the second list that the first has too, in the first's order.
struct Common {
  std::vector<std::size_t> before;
  std::vector<std::size_t> after;
};

Common common_clips(const NamedResults& before, const NamedResults& after) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < after.ids.size(); ++i) places.emplace(after.ids[i], i);
  std::vector<std::size_t> order(before.ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return before.ids[i]; });
  const auto label = [](const NamedResults& results, std::size_t i) {
    return results.clips.classes[static_cast<std::size_t>(results.clips.truth[i])];
  };
  Common common;
  for (const std::size_t i : order) {
    const auto found = places.find(before.ids[i]);
    if (found == places.end() || label(before, i) != label(after, found->second)) continue;
    common.before.push_back(i);
    common.after.push_back(found->second);
  }
  if (common.before.empty())
    reject_comparison("there is no clip that both have scored with the same label");
  return common;
}

// The clips with classes in another order.
ScoredClips reordered(ScoredClips clips, const std::vector<Eigen::Index>& places,
                      const std::vector<std::string>& classes) {
  std::vector<int> place_in_new(places.size());
  Eigen::MatrixXf probabilities(clips.probabilities.rows(), clips.probabilities.cols());
  for (std::size_t k = 0; k < places.size(); ++k) {
    place_in_new[static_cast<std::size_t>(places[k])] = static_cast<int>(k);
    probabilities.row(static_cast<Eigen::Index>(k)) = clips.probabilities.row(places[k]);
  }
  for (int& label : clips.truth) label = place_in_new[static_cast<std::size_t>(label)];
  return {classes, std::move(clips.truth), std::move(probabilities)};
}

void count_changes(const ClipCounter& before, const ClipCounter& after,
                   const std::vector<int>& truth, const std::vector<std::string>& classes,
                   const std::vector<std::string>& ids, Comparison& comparison) {
  const auto name = [&](int label) { return classes[static_cast<std::size_t>(label)]; };
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int old_label = before.predicted()[i];
    const int new_label = after.predicted()[i];
    if (old_label == new_label) continue;
    if (new_label == truth[i]) ++comparison.fixed;
    if (old_label == truth[i]) ++comparison.broken;
    comparison.changed.push_back({ids[i], name(truth[i]), name(old_label), name(new_label)});
  }
  comparison.mcnemar_p = mcnemar(comparison.fixed, comparison.broken);
}

}  // namespace

double mcnemar(std::size_t fixed, std::size_t broken) {
  const auto n = static_cast<double>(fixed + broken);
  double sum = 0.0;
  for (std::size_t count = 0; count <= std::min(fixed, broken); ++count) {
    const auto k = static_cast<double>(count);
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) -
                    n * std::log(2.0));
  }
  return std::min(1.0, 2.0 * sum);
}

Comparison compare(const NamedResults& before, const NamedResults& after,
                   const BootstrapConfig& config, core::ThreadPool& pool,
                   std::optional<double> threshold) {
  const auto& classes = before.clips.classes;
  const auto places = match_classes(classes, after.clips.classes);
  const Common common = common_clips(before, after);
  const ScoredClips old_clips = select(before.clips, common.before);
  const ClipCounter old_counter(old_clips, threshold);
  const ClipCounter new_counter(reordered(select(after.clips, common.after), places, classes),
                                threshold);
  std::vector<std::string> ids;
  std::vector<std::string> speakers;
  for (const std::size_t i : common.before) {
    ids.push_back(before.ids[i]);
    speakers.push_back(before.speakers[i]);
  }

  Comparison comparison;
  comparison.before = before.name;
  comparison.after = after.name;
  comparison.before_protocol = before.protocol;
  comparison.after_protocol = after.protocol;
  comparison.clips = ids.size();
  comparison.only_before = before.ids.size() - ids.size();
  comparison.only_after = after.ids.size() - ids.size();
  count_changes(old_counter, new_counter, old_clips.truth, classes, ids, comparison);

  Intervals intervals;
  const Units units = draw_units(ids.size(), speakers, classes.size(), config, intervals);
  comparison.statement = intervals.statement;
  comparison.level = config.level;
  const auto resamples = resample(units, ids.size(), intervals.resamples, config, pool,
                                  [&](std::span<const std::int32_t> times) {
                                    const auto olds = metric_values(old_counter.count(times));
                                    auto values = metric_values(new_counter.count(times));
                                    for (std::size_t m = 0; m < values.size(); ++m) {
                                      if (!olds[m]) values[m].reset();
                                      if (values[m]) *values[m] -= *olds[m];
                                    }
                                    return values;
                                  });
  const auto names = metric_names(classes);
  const auto olds = metric_values(old_counter.count());
  const auto news = metric_values(new_counter.count());
  const double percentile = lower_percentile(config.level, units.size());
  for (std::size_t m = 0; m < names.size(); ++m) {
    MetricChange change{names[m], olds[m], news[m], std::nullopt};
    const auto resampled = sorted_values(resamples, m);
    if (resampled && olds[m] && news[m]) {
      change.difference =
          Interval{quantile(*resampled, percentile), quantile(*resampled, 1.0 - percentile)};
    }
    comparison.metrics.push_back(std::move(change));
  }
  return comparison;
}

core::Json to_json(const Comparison& comparison) {
  const auto number_or_null = [](const std::optional<double>& number) {
    return number ? core::Json(*number) : core::Json(nullptr);
  };
  core::Json json = core::Json::object();
  json["before"] = display_name(comparison.before);
  json["after"] = display_name(comparison.after);
  json["before_protocol"] = display_name(comparison.before_protocol);
  json["after_protocol"] = display_name(comparison.after_protocol);
  json["clips"] = comparison.clips;
  json["only_before"] = comparison.only_before;
  json["only_after"] = comparison.only_after;
  json["statement"] = comparison.statement;
  json["level"] = comparison.level;
  json["metrics"] = core::Json::object();
  for (const auto& [metric, before, after, difference] : comparison.metrics) {
    json["metrics"][display_name(metric)] = {
        {"before", number_or_null(before)},
        {"after", number_or_null(after)},
        {"difference",
         difference ? core::Json({difference->low, difference->high}) : core::Json(nullptr)}};
  }
  json["fixed"] = comparison.fixed;
  json["broken"] = comparison.broken;
  json["mcnemar_p"] = comparison.mcnemar_p;
  json["changed"] = core::Json::array();
  for (const auto& [id, label, before, after] : comparison.changed) {
    json["changed"].push_back({{"id", display_name(id)},
                               {"label", display_name(label)},
                               {"before", display_name(before)},
                               {"after", display_name(after)}});
  }
  return json;
}

}  // namespace ser::eval
