#include "ser/report/evaluation.h"

#include <algorithm>
#include <vector>

#include "ser/corpus/display_name.h"

#include "report/score_tables.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

// Wider confusion matrices get numbers for column headings.
constexpr std::size_t kMaxWidth = 100;

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
    line.push_back(name);
    if (headings != Headings::kNames) line.back().insert(0, number + " ");
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

std::string class_markdown(const eval::Metrics& metrics, const eval::Intervals* intervals) {
  return markdown(class_table(metrics, intervals)) + std::string(kConfusionTitle) + "\n" +
         markdown(confusion_table(metrics, Headings::kNames));
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
         class_markdown(metrics, &intervals);
}

std::string evaluation_markdown(const eval::Metrics& metrics) {
  Table overall = overall_table(metrics, nullptr);
  overall.insert(overall.begin(), {"Measure", "Value"});
  return markdown(overall) + "\n" + class_markdown(metrics, nullptr);
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
