#include "report/score_tables.h"

#include <cmath>

#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

std::string range(const eval::Intervals& intervals, std::string_view metric) {
  const auto interval = intervals.find(metric);
  return interval ? fixed(interval->low) + " to " + fixed(interval->high) : "-";
}

}  // namespace

std::string interval_heading(const eval::Intervals& intervals) {
  return std::to_string(std::lround(100.0 * intervals.level)) + " % interval";
}

Table overall_table(const eval::Metrics& metrics, const eval::Intervals* intervals) {
  Table table = {{"Clips", std::to_string(metrics.clips)}};
  for (const auto& entry : eval::metric_table()) {
    const auto value = entry.value(metrics);
    if (!value) continue;
    auto& row = table.emplace_back();
    row = {std::string(entry.title), fixed(*value)};
    if (intervals != nullptr) row.push_back(range(*intervals, entry.name));
  }
  return table;
}

Table class_table(const eval::Metrics& metrics, const eval::Intervals* intervals) {
  Table table = {{"Class", "Precision", "Recall", "F1", "Clips"}};
  if (intervals != nullptr) {
    table[0].push_back("Recall, " + interval_heading(*intervals));
  }
  for (const auto& one : metrics.per_class) {
    auto& row = table.emplace_back();
    row = {display_name(one.name), fixed(one.precision), fixed(one.recall), fixed(one.f1),
           std::to_string(one.support)};
    if (intervals != nullptr) row.push_back(range(*intervals, "recall." + one.name));
  }
  return table;
}

Table grouping_table(const eval::Grouping& grouping) {
  Table table = {{"By " + display_name(grouping.column), "Clips", "Accuracy", "UAR"}};
  if (grouping.groups.empty()) return table;
  table[0].push_back("UAR, " + interval_heading(grouping.groups.front().intervals));
  table[0].emplace_back("resampled");
  for (const auto& [value, metrics, intervals] : grouping.groups) {
    const bool speakers = intervals.unit == eval::Intervals::Unit::kSpeakers;
    table.push_back({value.empty() ? "(unknown)" : display_name(value),
                     std::to_string(metrics.clips), fixed(metrics.accuracy), fixed(metrics.uar),
                     range(intervals, "uar"),
                     std::to_string(intervals.units) + (speakers ? " speakers" : " clips")});
  }
  return table;
}

}  // namespace ser::report
