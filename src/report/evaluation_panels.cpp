#include "report/evaluation_panels.h"

#include <algorithm>

#include "ser/corpus/display_name.h"

#include "report/charts/bars.h"
#include "report/charts/matrix.h"
#include "report/charts/plot.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using charts::axis_between;
using charts::axis_over;
using charts::PlotPanel;

std::string signed_points(double change) {
  const std::string text = charts::number_text(100.0 * change, 1);
  return change > 0.0 && text != "0.0" ? "+" + text : text;
}

// A share as a bar in per cent, with its interval.
charts::Bar share_bar(double share, const std::optional<eval::Interval>& interval) {
  charts::Bar bar{100.0 * share, charts::number_text(100.0 * share, 1)};
  if (interval) bar.spread = {{100.0 * interval->low, 100.0 * interval->high}};
  return bar;
}

std::shared_ptr<const charts::Panel> shares_panel(const std::string& heading,
                                                  std::vector<std::string> names,
                                                  std::vector<charts::Bar> bars) {
  charts::BarColumn column{"", std::move(bars), axis_between(0.0, 100.0, 6, "%")};
  return std::make_shared<charts::BarsPanel>(heading, std::move(names),
                                             std::vector<charts::BarColumn>{std::move(column)});
}

}  // namespace

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

std::vector<std::shared_ptr<const charts::Panel>> reliability_panels(
    const eval::ClipCounter& counter) {
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
  return {
      std::make_shared<PlotPanel>("Reliability: how often clips of a confidence are labelled right",
                                  std::move(diagram)),
      std::make_shared<PlotPanel>("", std::move(clips))};
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

std::shared_ptr<const charts::Panel> class_panel(const eval::Metrics& metrics,
                                                 const eval::Intervals* intervals) {
  std::vector<std::string> names;
  std::vector<charts::Bar> bars;
  for (const auto& one : metrics.per_class) {
    names.push_back(one.name);
    bars.push_back(share_bar(
        one.recall, intervals == nullptr ? std::nullopt : intervals->find("recall." + one.name)));
  }
  return shares_panel("Recall by class", std::move(names), std::move(bars));
}

std::shared_ptr<const charts::Panel> group_panel(const eval::Grouping& grouping) {
  std::vector<std::string> names;
  std::vector<charts::Bar> bars;
  for (const auto& [value, metrics, intervals] : grouping.groups) {
    names.push_back(value.empty() ? "(unknown)" : value);
    bars.push_back(share_bar(metrics.uar, intervals.find("uar")));
  }
  return shares_panel("UAR by " + corpus::display_name(grouping.column), std::move(names),
                      std::move(bars));
}

std::shared_ptr<const charts::Panel> stress_panel(const eval::StressReport& report) {
  std::vector<std::string> names;
  std::vector<double> changes = {0.0};
  charts::BarColumn change{"Change of the UAR, in points", {}, {}};
  charts::BarColumn unchanged{"Labelled as before, in %", {}, axis_between(0.0, 100.0, 6, "")};
  for (const auto& [condition, metrics, uar_change] : report.results) {
    names.push_back(std::string(condition.name) + ": " + std::string(condition.description));
    changes.push_back(100.0 * uar_change);
    change.bars.push_back({changes.back(), signed_points(uar_change)});
    const double kept = 100.0 * metrics.unchanged.value_or(0.0);
    unchanged.bars.push_back({kept, charts::number_text(kept, 1)});
  }
  change.axis = axis_over(changes, 6, "");
  return std::make_shared<charts::BarsPanel>("", std::move(names),
                                             std::vector<charts::BarColumn>{change, unchanged});
}

}  // namespace ser::report
