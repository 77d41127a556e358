#include "ser/eval/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

#include "eval/quantiles.h"
#include "eval/resampling.h"

namespace ser::eval {
namespace {

struct Bounds {
  double percentile;  // lower
  double tail;        // (1 - level) / 2
};

// `resampled` is sorted.
Interval interval_of(double value, const std::vector<double>& resampled, const MetricName& metric,
                     const Metrics& metrics, const Bounds& bounds) {
  const double most = metric.most();
  if (resampled.front() == resampled.back()) {
    if (const auto unseen = metric.unseen(metrics, bounds.tail)) {
      if (value == most) return {most - *unseen, most};
      if (value == 0.0) return {0.0, *unseen};
    }
  }
  const double low = quantile(resampled, bounds.percentile);
  const double high = quantile(resampled, 1.0 - bounds.percentile);
  if (metric.interval() == IntervalKind::kPercentile) return {low, high};
  const double median = quantile(resampled, 0.5);
  const double half = std::max(high - median, median - low);
  const double raised = std::max(0.0, median - value);
  return {std::clamp(value - 2.0 * raised - half, 0.0, most), std::clamp(value + half, 0.0, most)};
}

}  // namespace

std::optional<Interval> Intervals::find(std::string_view metric) const {
  for (const auto& [name, interval] : metrics) {
    if (name == metric) return interval;
  }
  return std::nullopt;
}

Intervals bootstrap(const ScoredClips& clips, const std::vector<std::string>& speakers,
                    const BootstrapConfig& config, core::ThreadPool& pool,
                    std::optional<double> threshold) {
  const ClipCounter counter(clips, threshold);
  Intervals intervals;
  const Units units = draw_units(counter.size(), speakers, clips.classes.size(), config, intervals);
  const Metrics metrics = counter.count();
  const auto names = metric_names(clips.classes);
  const auto values = metric_values(metrics);
  const auto resamples = resample(
      units, counter.size(), intervals.resamples, config, pool,
      [&](std::span<const std::int32_t> times) { return metric_values(counter.count(times)); });

  const Bounds bounds{lower_percentile(config.level, units.size()), (1.0 - config.level) / 2.0};
  for (std::size_t m = 0; m < names.size(); ++m) {
    auto& interval = intervals.metrics.emplace_back(names[m], std::nullopt).second;
    if (!values[m]) continue;
    if (const auto resampled = sorted_values(resamples, m)) {
      interval = interval_of(*values[m], *resampled, *find_metric(names[m]), metrics, bounds);
    }
  }
  return intervals;
}

core::Json to_json(const Intervals& intervals) {
  core::Json json = core::Json::object();
  json["unit"] = intervals.unit == Intervals::Unit::kSpeakers ? "speakers" : "clips";
  json["units"] = intervals.units;
  json["resamples"] = intervals.resamples;
  json["level"] = intervals.level;
  json["statement"] = intervals.statement;
  json["metrics"] = core::Json::object();
  for (const auto& [name, interval] : intervals.metrics) {
    json["metrics"][corpus::display_name(name)] =
        interval ? core::Json({interval->low, interval->high}) : core::Json(nullptr);
  }
  return json;
}

}  // namespace ser::eval
