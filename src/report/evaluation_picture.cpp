#include <algorithm>
#include <cmath>

#include "ser/report/evaluation.h"

#include "report/charts/matrix.h"
#include "report/charts/plot.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using charts::axis_between;
using charts::axis_over;
using charts::PlotPanel;

std::shared_ptr<const charts::Panel> confusion_panel(const eval::Metrics& metrics) {
  // Where not all have room, those with the most clips are looked at.
  std::vector<Eigen::Index> order(metrics.classes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
  std::string heading = "Confusion matrix: clips, and their share of the true class";
  if (order.size() > charts::MatrixPanel::kMostNames) {
    const auto clips = metrics.confusion.rowwise().sum().eval();
    std::ranges::stable_sort(order, [&](auto a, auto b) { return clips(a) > clips(b); });
    heading += "; the " + std::to_string(charts::MatrixPanel::kMostNames) + " largest of " +
               std::to_string(order.size()) + " classes";
  }
  std::vector<std::string> names;
  names.reserve(order.size());
  for (const auto i : order) names.push_back(metrics.classes[static_cast<std::size_t>(i)]);
  return std::make_shared<charts::MatrixPanel>(
      std::move(heading), std::move(names),
      [&](std::size_t row, std::size_t column) {
        return metrics.confusion(order[row], order[column]);
      },
      "True class", "Predicted class");
}

void add_reliability(const eval::ClipCounter& counter,
                     std::vector<std::shared_ptr<const charts::Panel>>& panels) {
  const auto bins = counter.reliability();
  const double width = 1.0 / static_cast<double>(bins.size());
  charts::Plot diagram{axis_between(0.0, 1.0, 11, ""), axis_between(0.0, 1.0, 6, "labelled right")};
  charts::Plot clips{axis_between(0.0, 1.0, 11, "confidence"), {}, 70.0};
  diagram.guide = {{0.0, 0.0}, {1.0, 1.0}};
  charts::Series reached;
  reached.look = charts::Look::kDots;
  std::vector<double> counts = {0.0};
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double from = width * static_cast<double>(i);
    counts.push_back(static_cast<double>(bins[i].clips));
    clips.columns.push_back({from, from + width, counts.back()});
    if (bins[i].clips > 0) reached.points.push_back({bins[i].confidence, bins[i].accuracy});
  }
  diagram.series.push_back(std::move(reached));
  clips.y = axis_over(counts, 3, "clips");
  panels.push_back(std::make_shared<PlotPanel>(
      "Reliability: how often clips of a confidence are labelled right", std::move(diagram)));
  panels.push_back(std::make_shared<PlotPanel>("", std::move(clips)));
}

std::shared_ptr<const charts::Panel> coverage_panel(const eval::ClipCounter& counter, double aurc) {
  const auto risks = counter.risks();
  constexpr std::size_t kMostPoints = 1000;
  const std::size_t step = risks.size() / kMostPoints + 1;
  charts::Series series;
  for (std::size_t n = 0; n < risks.size(); n += step) {
    series.points.push_back(
        {static_cast<double>(n + 1) / static_cast<double>(risks.size()), risks[n]});
  }
  if (!risks.empty()) series.points.push_back({1.0, risks.back()});
  std::vector<double> values = risks;
  values.push_back(0.0);
  charts::Plot plot{
      axis_between(0.0, 1.0, 11, "share of the clips that are answered, the surest first"),
      axis_over(values, 5, "labelled wrong")};
  plot.series.push_back(std::move(series));
  return std::make_shared<PlotPanel>("Risk against coverage: area " + fixed(aurc), std::move(plot));
}

}  // namespace

Picture evaluation_picture(const eval::Metrics& metrics, const eval::ScoredClips& clips,
                           const std::string& statement) {
  std::vector<std::shared_ptr<const charts::Panel>> panels = {confusion_panel(metrics)};
  std::vector<std::string> remarks = {std::to_string(metrics.clips) + " clips, UAR " +
                                      fixed(metrics.uar) + ", accuracy " + fixed(metrics.accuracy)};
  if (metrics.of_probabilities) {
    const eval::ClipCounter counter(clips);
    remarks.front() += ", calibration error " + fixed(metrics.of_probabilities->ece);
    add_reliability(counter, panels);
    panels.push_back(coverage_panel(counter, metrics.of_probabilities->aurc));
  }
  remarks.push_back(statement);
  return {"Evaluation", std::move(remarks), std::move(panels)};
}

}  // namespace ser::report
