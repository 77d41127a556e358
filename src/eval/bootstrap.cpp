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

// What the interval of a metric depends on beside the resampled values.
struct Kind {
  IntervalKind interval;
  double most;
  std::optional<double> unseen;
};

Kind kind_of(const MetricName& name, const Metrics& metrics, double tail) {
  if (name.of_all != nullptr) {
    const auto& entry = *name.of_all;
    return {entry.interval, entry.most,
            entry.unseen == nullptr ? std::nullopt : entry.unseen(metrics, tail)};
  }
  const auto found = std::ranges::find(metrics.per_class, name.class_name, &ClassMetrics::name);
  const auto clips = static_cast<double>(name.of_class->clips(*found));
  return {IntervalKind::kPercentile, 1.0, 1.0 - std::pow(tail, 1.0 / clips)};
}

// `resampled` is sorted.
Interval interval_of(double value, const std::vector<double>& resampled, const Kind& kind,
                     const Bounds& bounds) {
  if (resampled.front() == resampled.back() && kind.unseen) {
    if (value == kind.most) return {kind.most - *kind.unseen, kind.most};
    if (value == 0.0) return {0.0, *kind.unseen};
  }
  const double low = quantile(resampled, bounds.percentile);
  const double high = quantile(resampled, 1.0 - bounds.percentile);
  if (kind.interval == IntervalKind::kPercentile) return {low, high};
  const double median = quantile(resampled, 0.5);
  const double half = std::max(high - median, median - low);
  const double raised = std::max(0.0, median - value);
  return {std::clamp(value - 2.0 * raised - half, 0.0, kind.most),
          std::clamp(value + half, 0.0, kind.most)};
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
      units, counter.size(), intervals.resamples, config.seed, pool,
      [&](std::span<const std::int32_t> times) { return metric_values(counter.count(times)); });

  const Bounds bounds{lower_percentile(config.level, units.size()), (1.0 - config.level) / 2.0};
  for (std::size_t m = 0; m < names.size(); ++m) {
    auto& interval = intervals.metrics.emplace_back(names[m], std::nullopt).second;
    if (!values[m]) continue;
    if (const auto resampled = sorted_values(resamples, m)) {
      interval = interval_of(*values[m], *resampled,
                             kind_of(*find_metric(names[m]), metrics, bounds.tail), bounds);
    }
  }
  return intervals;
}

core::Json to_json(const Intervals& intervals) {
  core::Json json;
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
