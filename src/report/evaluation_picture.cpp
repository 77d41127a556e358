#include "ser/report/evaluation.h"

#include "report/evaluation_panels.h"
#include "report/text_table.h"

namespace ser::report {

Picture evaluation_picture(const eval::Metrics& metrics, const eval::ScoredClips& clips,
                           const std::string& statement) {
  std::vector<std::shared_ptr<const charts::Panel>> panels = {confusion_panel(metrics)};
  std::vector<std::string> remarks = {std::to_string(metrics.clips) + " clips, UAR " +
                                      fixed(metrics.uar) + ", accuracy " + fixed(metrics.accuracy)};
  if (metrics.of_probabilities) {
    const eval::ClipCounter counter(clips);
    remarks.front() += ", calibration error " + fixed(metrics.of_probabilities->ece);
    for (auto& panel : reliability_panels(counter)) panels.push_back(std::move(panel));
    panels.push_back(coverage_panel(counter, metrics.of_probabilities->aurc));
  }
  remarks.push_back(statement);
  return {"Evaluation", std::move(remarks), std::move(panels)};
}

}  // namespace ser::report
