#include <algorithm>
#include <cmath>

#include "ser/report/explanation.h"

#include "report/charts/bars.h"
#include "report/charts/plot.h"
#include "report/charts/sound_panels.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

constexpr std::size_t kFeaturesShown = 20;

std::shared_ptr<const charts::Panel> windows_panel(const eval::Explanation& explanation) {
  const auto& windows = explanation.windows;
  std::vector<double> values = {0.0};
  double most = 0.0;
  for (const auto& window : windows) {
    values.push_back(window.evidence);
    most = std::max(most, std::abs(window.evidence));
  }
  charts::Plot plot{charts::time_axis(explanation.duration_s), charts::axis_over(values, 4, "bits"),
                    110.0};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    // Windows overlap: each is drawn up to the middle between its centre and the next one's.
    const auto centre = [&](std::size_t k) {
      return (windows[k].start_s + windows[k].end_s) / 2.0;
    };
    const double from = i == 0 ? 0.0 : (centre(i - 1) + centre(i)) / 2.0;
    const double to =
        i + 1 == windows.size() ? explanation.duration_s : (centre(i) + centre(i + 1)) / 2.0;
    const double evidence = windows[i].evidence;
    plot.columns.push_back(
        {from, to, evidence, charts::orange_to_blue(most == 0.0 ? 0.0 : evidence / most)});
  }
  const double window_s = windows.empty() ? 0.0 : windows[0].end_s - windows[0].start_s;
  return std::make_shared<charts::PlotPanel>("Over time: " + charts::number_text(window_s, 2) +
                                                 " s replaced by " + explanation.config.replacement,
                                             std::move(plot));
}

// Those that matter most first.
std::shared_ptr<const charts::Panel> features_panel(const std::string& heading,
                                                    std::vector<eval::HiddenFeatures> features,
                                                    std::size_t most_shown) {
  std::ranges::stable_sort(features, [](const auto& a, const auto& b) {
    return std::abs(a.evidence) > std::abs(b.evidence);
  });
  if (features.size() > most_shown) features.resize(most_shown);
  std::vector<std::string> names;
  std::vector<double> values = {0.0};
  charts::BarColumn column;
  for (const auto& feature : features) {
    names.push_back(feature.name);
    values.push_back(feature.evidence);
    column.bars.push_back({feature.evidence, charts::number_text(feature.evidence, 2)});
  }
  column.axis = charts::axis_over(values, 8, "bits");
  return std::make_shared<charts::BarsPanel>(heading, std::move(names),
                                             std::vector<charts::BarColumn>{std::move(column)});
}

std::string label_of(const eval::Explanation& explanation) {
  return explanation.classes[static_cast<std::size_t>(explanation.label)];
}

}  // namespace

Picture explanation_picture(const eval::Explanation& explanation, const audio::Waveform& clip,
                            const std::string& name) {
  const std::string shown = fixed(explanation.probabilities(explanation.label));
  std::vector<std::shared_ptr<const charts::Panel>> panels = {
      windows_panel(explanation),
      charts::waveform_panel(clip, charts::time_axis(explanation.duration_s)),
      charts::mel_panel(
          clip, charts::time_axis(explanation.duration_s,
                                  "seconds of the part of the recording that the model looks at")),
      features_panel("Groups of features replaced by their mean in training", explanation.groups,
                     charts::BarsPanel::kMostRows)};
  panels.push_back(
      features_panel("Single features: the " +
                         std::to_string(std::min(kFeaturesShown, explanation.features.size())) +
                         " of " + std::to_string(explanation.features.size()) + " that matter most",
                     explanation.features, kFeaturesShown));
  return {"What the label " + label_of(explanation) + " rests on",
          {name, "Probability " + shown +
                     ". Bits of evidence: where a part with 1 bit is hidden, the odds of the label "
                     "halve; with -1 they double."},
          std::move(panels)};
}

}  // namespace ser::report
