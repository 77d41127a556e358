#include "ser/report/stress.h"

#include "report/evaluation_panels.h"
#include "report/text_table.h"

namespace ser::report {
Picture stress_picture(const eval::StressReport& report, double uar, const std::string& statement) {
  std::vector<std::string> remarks = {"UAR of the clips as they are: " + fixed(uar), statement};
  if (!report.left_out.empty()) {
    remarks.push_back("Left out, since too few clips could be used: " +
                      std::to_string(report.left_out.size()) + " conditions");
  }
  if (!report.failures.empty()) {
    remarks.push_back(std::to_string(report.failures.size()) +
                      " times a clip could not be used under a condition");
  }
  return {"Under stress", std::move(remarks), {stress_panel(report)}};
}

}  // namespace ser::report
