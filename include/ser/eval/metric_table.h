#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/json.h"
#include "ser/eval/metrics.h"

namespace ser::eval {

enum class Better { kHigher, kLower };

// How resampled values become an interval: by their percentiles; or, for a metric that noise only
// raises and resampling, which adds noise, raises again, by the value and the wider half of the
// percentiles, with the lower end moved down by twice what the resamples' median is above the
// value.
enum class IntervalKind { kPercentile, kRaisedByNoise };

// How far a metric that is at the end of its range, with every clip right (or wrong), could be from
// there and still show this with the given probability. None: it cannot be told.
using Unseen = std::optional<double> (*)(const Metrics&, double probability);

// One metric of all clips. All are at least 0.
struct MetricEntry {
  std::string_view name;   // "uar", as gates and JSON say it
  std::string_view title;  // "UAR", for people
  Better better;
  double most;  // infinity where there is no bound
  IntervalKind interval;
  Unseen unseen;                                   // null where there is no such bound
  std::optional<double> (*value)(const Metrics&);  // none where it is not defined
  bool needs_threshold = false;                    // below which to abstain
};

// One metric of each class: "recall" for "recall.happy".
struct ClassMetricEntry {
  std::string_view name;
  std::string_view title;
  double ClassMetrics::*member;
  // Clips that it is a share of; it is defined where there are some.
  std::int64_t (*clips)(const ClassMetrics&);
};

// The open list of metrics: a row here makes one known to gates, intervals, comparison and reports.
std::span<const MetricEntry> metric_table();
std::span<const ClassMetricEntry> class_metric_table();

// A metric that somebody named: of all clips, or one class's; of them as they are, or under a
// stress condition (eval/stress_conditions.h).
struct MetricName {
  const MetricEntry* of_all = nullptr;
  const ClassMetricEntry* of_class = nullptr;
  std::string class_name{};
  std::string condition{};  // empty: none

  // As find_metric() takes it and results say it, with the condition's first name.
  std::string name() const;
  Better better() const { return of_all != nullptr ? of_all->better : Better::kHigher; }
  double most() const { return of_all != nullptr ? of_all->most : 1.0; }
  IntervalKind interval() const {
    return of_all != nullptr ? of_all->interval : IntervalKind::kPercentile;
  }
  // As MetricEntry::unseen.
  std::optional<double> unseen(const Metrics& metrics, double probability) const;
  // None where it is not defined for these clips, or they have no such class.
  std::optional<double> value(const Metrics& metrics) const;
};

// "uar", "recall.happy"; none if there is no such metric. Any class name will do. With "stress.",
// the name of a condition and a dot before it, the same under this condition:
// "stress.white20.uar", but for those that need a threshold. There is one metric more,
// "stress.white20.unchanged" (Metrics::unchanged).
std::optional<MetricName> find_metric(std::string_view name);

// "accuracy, uar, ..., recall.CLASS, ...": for messages.
std::string list_metrics();

// Names of all metrics for these classes, first those of all clips, in a fixed order; and their
// values in the same order.
std::vector<std::string> metric_names(const std::vector<std::string>& classes);
std::vector<std::optional<double>> metric_values(const Metrics& metrics);

// {"uar": 0.6, "recall.happy": 0.5, ...}: every metric by its name, null where it is not defined.
core::Json values_json(const Metrics& metrics);

}  // namespace ser::eval
