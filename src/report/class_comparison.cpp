#include <algorithm>
#include <cmath>

#include "ser/corpus/display_name.h"
#include "ser/dsp/mel.h"
#include "ser/report/sounds.h"

#include "report/charts/boxes.h"
#include "report/charts/plot.h"
#include "report/charts/sound_panels.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using charts::number_text;

constexpr std::size_t kFeaturesDrawn = 8;
constexpr std::size_t kFeaturesTold = 12;

std::vector<double> values_of(const ClassSounds& sounds, std::size_t feature) {
  const auto row = sounds.features.row(static_cast<Eigen::Index>(feature)).cast<double>().eval();
  return {row.data(), row.data() + row.size()};
}

// Between classes, over all.
double explained_variance(const ClassComparison& comparison, std::size_t feature) {
  double sum = 0.0;
  double count = 0.0;
  for (const auto& sounds : comparison.classes) {
    for (const double value : values_of(sounds, feature)) sum += value;
    count += static_cast<double>(sounds.features.cols());
  }
  if (count == 0.0) return 0.0;
  const double mean = sum / count;
  double total = 0.0;
  double between = 0.0;
  for (const auto& sounds : comparison.classes) {
    const auto values = values_of(sounds, feature);
    if (values.empty()) continue;
    double of_class = 0.0;
    for (const double value : values) {
      total += (value - mean) * (value - mean);
      of_class += value;
    }
    of_class /= static_cast<double>(values.size());
    between += static_cast<double>(values.size()) * (of_class - mean) * (of_class - mean);
  }
  return total > 0.0 ? std::clamp(between / total, 0.0, 1.0) : 0.0;
}

// Of two features over the clips of all classes; 0 where one does not vary.
double correlation(const ClassComparison& comparison, std::size_t first, std::size_t second) {
  Eigen::VectorXd a(0);
  Eigen::VectorXd b(0);
  for (const auto& sounds : comparison.classes) {
    const Eigen::Index count = sounds.features.cols();
    a.conservativeResize(a.size() + count);
    b.conservativeResize(b.size() + count);
    a.tail(count) = sounds.features.row(static_cast<Eigen::Index>(first)).cast<double>();
    b.tail(count) = sounds.features.row(static_cast<Eigen::Index>(second)).cast<double>();
  }
  if (a.size() == 0) return 0.0;
  a.array() -= a.mean();
  b.array() -= b.mean();
  const double scale = a.norm() * b.norm();
  return scale > 0.0 ? a.dot(b) / scale : 0.0;
}

std::shared_ptr<const charts::Panel> spectra_panel(const ClassComparison& comparison) {
  constexpr std::size_t kMostClasses = 21;  // that lines can be told apart
  charts::Plot plot{charts::mel_axis(comparison.sample_rate_hz), {}, 240.0};
  std::vector<double> levels;
  for (const auto& sounds : comparison.classes) {
    if (sounds.mel_db.cols() == 0 || plot.series.size() == kMostClasses) continue;
    const auto bands = static_cast<int>(sounds.mel_db.rows());
    const auto centres = dsp::mel_band_centres_hz(comparison.sample_rate_hz, bands);
    const Eigen::VectorXf mean = sounds.mel_db.rowwise().mean();
    charts::Series series{sounds.name, {}};
    for (Eigen::Index i = 0; i < mean.size(); ++i) {
      levels.push_back(mean(i));
      series.points.push_back(
          {dsp::hz_to_mel(centres[static_cast<std::size_t>(i)]), levels.back()});
    }
    plot.series.push_back(std::move(series));
  }
  plot.y = charts::axis_over(levels, 6, "dB");
  return std::make_shared<charts::PlotPanel>("Average level by frequency", std::move(plot));
}

}  // namespace

std::vector<FeatureEffect> feature_effects(const ClassComparison& comparison) {
  std::vector<FeatureEffect> effects;
  for (std::size_t i = 0; i < comparison.features.size(); ++i) {
    effects.push_back({i, explained_variance(comparison, i)});
  }
  std::ranges::stable_sort(effects, std::ranges::greater{}, &FeatureEffect::explained);
  return effects;
}

std::vector<FeatureEffect> distinct_effects(const ClassComparison& comparison, std::size_t most) {
  constexpr double kNearlyTheSame = 0.9;
  std::vector<FeatureEffect> distinct;
  for (const auto& effect : feature_effects(comparison)) {
    if (distinct.size() == most) break;
    const bool is_told = std::ranges::any_of(distinct, [&](const FeatureEffect& told) {
      return std::abs(correlation(comparison, told.feature, effect.feature)) > kNearlyTheSame;
    });
    if (!is_told) distinct.push_back(effect);
  }
  return distinct;
}

Picture comparison_picture(const ClassComparison& comparison) {
  std::vector<std::shared_ptr<const charts::Panel>> panels = {spectra_panel(comparison)};
  const auto effects = distinct_effects(comparison, kFeaturesDrawn);
  std::vector<std::string> names;
  for (const auto& sounds : comparison.classes) names.push_back(sounds.name);
  for (std::size_t i = 0; i < effects.size(); ++i) {
    std::vector<std::vector<double>> values;
    for (const auto& sounds : comparison.classes) {
      values.push_back(values_of(sounds, effects[i].feature));
    }
    panels.push_back(
        charts::boxes_panel(comparison.features[effects[i].feature] + ": the class explains " +
                                number_text(100.0 * effects[i].explained, 0) + " % of its variance",
                            names, values, ""));
  }
  std::string counts;
  for (const auto& sounds : comparison.classes) {
    counts += (counts.empty() ? "" : ", ") + sounds.name + " (" +
              std::to_string(sounds.features.cols()) + " clips)";
  }
  return {"Classes of " + comparison.corpus,
          {counts,
           "Boxes: median, half of the clips, nine tenths of them. The features that differ "
           "most, of " +
               std::to_string(comparison.features.size()) + ", without those that say the same"},
          std::move(panels)};
}

std::string comparison_by_class_text(const ClassComparison& comparison) {
  Table table = {{"Feature", "Explained, %"}};
  for (const auto& sounds : comparison.classes) {
    table.front().push_back(corpus::display_name(sounds.name));
  }
  const auto effects = distinct_effects(comparison, kFeaturesTold);
  for (std::size_t i = 0; i < effects.size(); ++i) {
    auto& row = table.emplace_back();
    row = {comparison.features[effects[i].feature], number_text(100.0 * effects[i].explained, 1)};
    for (const auto& sounds : comparison.classes) {
      const double median = charts::box_of(values_of(sounds, effects[i].feature)).median;
      row.push_back(std::isfinite(median) ? number_text(median, 3) : "-");
    }
  }
  return "Medians of the features that differ most between classes\n" + plain(table);
}

}  // namespace ser::report
