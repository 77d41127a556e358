#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "ser/report/timeline.h"

#include "report/charts/bars.h"
#include "report/charts/plot.h"
#include "report/charts/timeline.h"

namespace ser::report {
namespace {

// In the longest that leaves some of them.
struct TimeUnit {
  double seconds;
  const char* name;
};

TimeUnit unit_of(double duration_s) {
  constexpr std::array kUnits = {TimeUnit{86400.0, "days"}, TimeUnit{3600.0, "hours"},
                                 TimeUnit{60.0, "minutes"}};
  for (const auto& unit : kUnits) {
    if (duration_s >= 3.0 * unit.seconds) return unit;
  }
  return {1.0, "seconds"};
}

double speech_s(const SegmentRow& row) { return row.speech_share * (row.end_s - row.start_s); }

struct OfLabel {
  std::string name;
  double speech_s = 0.0;
  std::vector<charts::Block> blocks;
};

// That with the most speech first.
std::vector<OfLabel> by_label(const RecordingSegments& recording, double unit_s) {
  std::map<std::string, OfLabel> labels;
  for (const auto& row : recording.rows) {
    OfLabel& label = labels[row.label];
    label.name = row.label;
    label.speech_s += speech_s(row);
    label.blocks.push_back({row.start_s / unit_s, row.end_s / unit_s});
  }
  std::vector<OfLabel> all;
  all.reserve(labels.size());
  for (auto& [name, label] : labels) all.push_back(std::move(label));
  std::ranges::stable_sort(all, std::ranges::greater{}, &OfLabel::speech_s);
  return all;
}

// The mean probability of what is said in each of some hundred stretches.
std::vector<charts::Column> sureness(const RecordingSegments& recording, double unit_s) {
  constexpr std::size_t kStretches = 400;
  const double stretch_s = recording.duration_s / kStretches;
  if (!(stretch_s > 0.0)) return {};
  std::vector<double> sum(kStretches, 0.0);
  std::vector<double> weight(kStretches, 0.0);
  for (const auto& row : recording.rows) {
    const auto index = [&](double time_s) {
      return static_cast<std::size_t>(
          std::clamp(time_s / stretch_s, 0.0, static_cast<double>(kStretches) - 1.0));
    };
    for (std::size_t i = index(row.start_s); i <= index(row.end_s); ++i) {
      const double from_s = std::max(row.start_s, static_cast<double>(i) * stretch_s);
      const double to_s = std::min(row.end_s, static_cast<double>(i + 1) * stretch_s);
      const double both_s = std::max(0.0, to_s - from_s);
      sum[i] += both_s * row.probability;
      weight[i] += both_s;
    }
  }
  std::vector<charts::Column> columns;
  for (std::size_t i = 0; i < kStretches; ++i) {
    if (weight[i] <= 0.0) continue;
    const double from = static_cast<double>(i) * stretch_s / unit_s;
    const double to = static_cast<double>(i + 1) * stretch_s / unit_s;
    columns.push_back({from, to, sum[i] / weight[i]});
  }
  return columns;
}

std::string time_text(double time_s) {
  const TimeUnit unit = unit_of(time_s);
  return charts::number_text(time_s / unit.seconds, 1) + " " + unit.name;
}

std::shared_ptr<const charts::Panel> shares_panel(const std::vector<OfLabel>& labels) {
  double speech = 0.0;
  for (const auto& label : labels) speech += label.speech_s;
  std::vector<std::string> names;
  charts::BarColumn column;
  std::vector<double> values = {0.0};
  for (const auto& label : labels) {
    names.push_back(label.name);
    const double share = speech > 0.0 ? 100.0 * label.speech_s / speech : 0.0;
    values.push_back(share);
    column.bars.push_back(
        {share, charts::number_text(share, 1) + " %, " + time_text(label.speech_s)});
  }
  column.axis = charts::axis_over(values, 8, "% of the speech");
  return std::make_shared<charts::BarsPanel>("Share of each label", std::move(names),
                                             std::vector<charts::BarColumn>{std::move(column)});
}

}  // namespace

Picture timeline_picture(const RecordingSegments& recording) {
  const TimeUnit unit = unit_of(recording.duration_s);
  const auto time = [&](std::string label) {
    constexpr std::size_t kMostTicks = 11;
    return charts::axis_between(0.0, recording.duration_s / unit.seconds, kMostTicks,
                                std::move(label));
  };
  const auto labels = by_label(recording, unit.seconds);
  double speech = 0.0;
  for (const auto& label : labels) speech += label.speech_s;
  std::vector<std::string> remarks = {
      recording.path, time_text(recording.duration_s) + ", of which " + time_text(speech) +
                          " are speech. Where nobody speaks there is no label."};
  std::vector<std::shared_ptr<const charts::Panel>> panels;
  if (!labels.empty()) {
    std::vector<charts::TimelineRow> rows;
    rows.reserve(labels.size());
    for (const auto& label : labels) rows.push_back({label.name, label.blocks});
    panels.push_back(
        std::make_shared<charts::TimelinePanel>("Labels over time", std::move(rows), time("")));
    charts::Plot plot{time(unit.name), charts::axis_between(0.0, 1.0, 6, "probability"), 110.0};
    plot.columns = sureness(recording, unit.seconds);
    panels.push_back(
        std::make_shared<charts::PlotPanel>("How sure the model is of them", std::move(plot)));
    panels.push_back(shares_panel(labels));
  }
  return {"Emotions over time", std::move(remarks), std::move(panels)};
}

}  // namespace ser::report
