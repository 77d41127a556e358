#include <algorithm>

#include "ser/report/explanation.h"

#include "report/charts/bars.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

std::vector<eval::GroupImportance> by_drop(const eval::ImportanceReport& report) {
  auto groups = report.groups;
  std::ranges::stable_sort(groups, [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return groups;
}

Table importance_table(const eval::ImportanceReport& report) {
  Table table = {{"Features", "Numbers", "Drop of UAR", "Deviation"}};
  for (const auto& group : by_drop(report)) {
    table.push_back({group.name, std::to_string(group.features),
                     fixed(group.mean == 0.0 ? 0.0 : group.mean), fixed(group.deviation)});
  }
  return table;
}

std::string importance_remarks(const eval::ImportanceReport& report) {
  std::string text = "Each group of features permuted " +
                     std::to_string(report.config.repetitions) + " times among " +
                     std::to_string(report.clips) + " clips; UAR as they are " + fixed(report.uar);
  if (!report.failures.empty()) {
    text += "; " + std::to_string(report.failures.size()) + " clips could not be read again";
  }
  return text;
}

}  // namespace

std::string importance_text(const eval::ImportanceReport& report) {
  return "What the score rests on\n" + plain(importance_table(report)) +
         importance_remarks(report) + "\n";
}

std::string importance_markdown(const eval::ImportanceReport& report) {
  return "What the score rests on\n\n" + markdown(importance_table(report)) + "\n" +
         importance_remarks(report) + "\n";
}

Picture importance_picture(const eval::ImportanceReport& report, const std::string& statement) {
  std::vector<std::string> names;
  std::vector<double> ends = {0.0};
  charts::BarColumn column;
  for (const auto& group : by_drop(report)) {
    names.push_back(group.name);
    const double mean = 100.0 * group.mean;
    const double deviation = 100.0 * group.deviation;
    ends.push_back(mean - deviation);
    ends.push_back(mean + deviation);
    column.bars.push_back({mean,
                           charts::number_text(mean, 1) + " ± " + charts::number_text(deviation, 1),
                           std::pair(mean - deviation, mean + deviation)});
  }
  column.axis = charts::axis_over(ends, 8, "drop of the UAR, in points");
  return {"What the score rests on",
          {importance_remarks(report), statement},
          {std::make_shared<charts::BarsPanel>("", std::move(names),
                                               std::vector<charts::BarColumn>{std::move(column)})}};
}

}  // namespace ser::report
