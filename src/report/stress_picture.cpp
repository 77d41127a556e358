#include "ser/report/stress.h"

#include "report/charts/bars.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

std::string signed_points(double change) {
  const std::string text = charts::number_text(100.0 * change, 1);
  return change > 0.0 && text != "0.0" ? "+" + text : text;
}

}  // namespace

Picture stress_picture(const eval::StressReport& report, double uar, const std::string& statement) {
  std::vector<std::string> names;
  std::vector<double> changes = {0.0};
  charts::BarColumn change{"Change of the UAR, in points", {}, {}};
  charts::BarColumn unchanged{
      "Labelled as before, in %", {}, charts::axis_between(0.0, 100.0, 6, "")};
  for (const auto& [condition, metrics, uar_change] : report.results) {
    names.push_back(std::string(condition.name) + ": " + std::string(condition.description));
    changes.push_back(100.0 * uar_change);
    change.bars.push_back({changes.back(), signed_points(uar_change)});
    const double kept = 100.0 * metrics.unchanged.value_or(0.0);
    unchanged.bars.push_back({kept, charts::number_text(kept, 1)});
  }
  change.axis = charts::axis_over(changes, 6, "");
  std::vector<std::string> remarks = {"UAR of the clips as they are: " + fixed(uar), statement};
  if (!report.left_out.empty()) {
    remarks.push_back("Left out, since too few clips could be used: " +
                      std::to_string(report.left_out.size()) + " conditions");
  }
  if (!report.failures.empty()) {
    remarks.push_back(std::to_string(report.failures.size()) +
                      " times a clip could not be used under a condition");
  }
  return {"Under stress",
          std::move(remarks),
          {std::make_shared<charts::BarsPanel>("", std::move(names),
                                               std::vector<charts::BarColumn>{change, unchanged})}};
}

}  // namespace ser::report
