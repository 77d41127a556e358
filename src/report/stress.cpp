#include "ser/report/stress.h"

#include "report/text_table.h"

namespace ser::report {
namespace {

Table stress_table(const eval::StressReport& report, double uar) {
  Table table = {{"Condition", "Clips", "UAR", "Change", "Unchanged"},
                 {"as they are", "", fixed(uar), "", ""}};
  for (const auto& [condition, metrics, uar_change] : report.results) {
    table.push_back({std::string(condition.name) + ": " + std::string(condition.description),
                     std::to_string(metrics.clips), fixed(metrics.uar),
                     (uar_change > 0.0 ? "+" : "") + fixed(uar_change == 0.0 ? 0.0 : uar_change),
                     metrics.unchanged ? fixed(*metrics.unchanged) : "-"});
  }
  return table;
}

std::string stress_remarks(const eval::StressReport& report) {
  std::string text;
  if (!report.left_out.empty()) {
    text += "\nLeft out, since there are too few clips that could be used:";
    for (const auto& name : report.left_out) text += " " + name;
    text += "\n";
  }
  if (!report.failures.empty()) {
    text += "\n" + std::to_string(report.failures.size()) +
            " times a clip could not be used under a condition\n";
  }
  return text;
}

}  // namespace

std::string stress_text(const eval::StressReport& report, double uar) {
  return "Under stress\n" + plain(stress_table(report, uar)) + stress_remarks(report);
}

std::string stress_markdown(const eval::StressReport& report, double uar) {
  return "Under stress\n\n" + markdown(stress_table(report, uar)) + stress_remarks(report);
}

}  // namespace ser::report
