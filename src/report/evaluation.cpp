#include "ser/report/evaluation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

// Wider confusion matrices get numbers for column headings.
constexpr std::size_t kMaxWidth = 100;

std::string range(const eval::Intervals& intervals, std::string_view metric) {
  const auto interval = intervals.find(metric);
  return interval ? fixed(interval->low) + " to " + fixed(interval->high) : "-";
}

// "95 % interval"
std::string interval_heading(const eval::Intervals& intervals) {
  return std::to_string(std::lround(100.0 * intervals.level)) + " % interval";
}

// `intervals` may be null.
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

enum class Headings { kNames, kNumbers };

Table confusion_table(const eval::Metrics& metrics, Headings headings) {
  Table table = {{"True class"}};
  const auto count =
      std::min(metrics.classes.size(), static_cast<std::size_t>(metrics.confusion.rows()));
  for (std::size_t row = 0; row < count; ++row) {
    const std::string name = display_name(metrics.classes[row]);
    const std::string number = std::to_string(row + 1);
    table[0].push_back(headings == Headings::kNames ? name : number);
    auto& line = table.emplace_back();
    line.push_back(headings == Headings::kNames ? name : number + " " + name);
    for (std::size_t column = 0; column < count; ++column) {
      line.push_back(std::to_string(
          metrics.confusion(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column))));
    }
  }
  return table;
}

constexpr std::string_view kConfusionTitle =
    "\nConfusion matrix (rows: true class, columns: predicted class)\n";

std::string as_text(const eval::Metrics& metrics, const eval::Intervals* intervals) {
  Table confusion = confusion_table(metrics, Headings::kNames);
  if (total_width(confusion) > kMaxWidth) {
    confusion = confusion_table(metrics, Headings::kNumbers);
  }
  Table overall = overall_table(metrics, intervals);
  if (intervals != nullptr) overall[0].push_back(interval_heading(*intervals));
  std::string text = plain(overall);
  if (intervals != nullptr) text += intervals->statement + "\n";
  return text + "\n" + plain(class_table(metrics, intervals)) + std::string(kConfusionTitle) +
         plain(confusion);
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

}  // namespace

std::string evaluation_text(const eval::Metrics& metrics) { return as_text(metrics, nullptr); }

std::string evaluation_text(const eval::Metrics& metrics, const eval::Intervals& intervals) {
  return as_text(metrics, &intervals);
}

std::string evaluation_markdown(const eval::Metrics& metrics, const eval::Intervals& intervals) {
  Table overall = overall_table(metrics, &intervals);
  overall.insert(overall.begin(), {"Measure", "Value", interval_heading(intervals)});
  return markdown(overall) + "\n" + display_name(intervals.statement) + "\n\n" +
         markdown(class_table(metrics, &intervals)) + std::string(kConfusionTitle) + "\n" +
         markdown(confusion_table(metrics, Headings::kNames));
}

std::string statement_markdown(const std::string& protocol, const std::string& statement) {
  return "Protocol: **" + escape_markdown(display_name(protocol)) + "**. " +
         escape_markdown(display_name(statement)) + "\n";
}

std::string grouping_text(const eval::Grouping& grouping) {
  return plain(grouping_table(grouping));
}

std::string grouping_markdown(const eval::Grouping& grouping) {
  return markdown(grouping_table(grouping));
}

}  // namespace ser::report
