#include "train/run_statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "ser/eval/scored_clips.h"

namespace ser::train {
namespace {

using Confusion = eval::ConfusionMatrix;

MetricSpreads spreads_of(const std::vector<double>& accuracy, const std::vector<double>& uar,
                         const std::vector<double>& macro_f1) {
  return {spread(accuracy), spread(uar), spread(macro_f1)};
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Three lists of values, one of each run that has a test part.
struct Values {
  std::vector<double> accuracy;
  std::vector<double> uar;
  std::vector<double> macro_f1;

  void add(const eval::Metrics& metrics) {
    accuracy.push_back(metrics.accuracy);
    uar.push_back(metrics.uar);
    macro_f1.push_back(metrics.macro_f1);
  }
  void add_means_of(const Values& other) {
    accuracy.push_back(mean_of(other.accuracy));
    uar.push_back(mean_of(other.uar));
    macro_f1.push_back(mean_of(other.macro_f1));
  }
};

}  // namespace

Spread spread(const std::vector<double>& values) {
  Spread result;
  if (values.empty()) return result;
  result.mean = mean_of(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  if (values.size() > 1) {
    result.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  }
  result.least = *std::ranges::min_element(values);
  result.most = *std::ranges::max_element(values);
  return result;
}

std::optional<eval::ScoredClips> scored_clips(const CrossValidationReport& report) {
  const auto& manifest = report.manifest;
  eval::ScoredClips clips{manifest.classes, {}, {}};
  std::size_t tested = 0;
  for (const auto& run : report.runs) tested += run.tested.size();
  clips.probabilities.resize(static_cast<Eigen::Index>(manifest.classes.size()),
                             static_cast<Eigen::Index>(tested));
  for (const auto& run : report.runs) {
    if (!run.test) continue;
    if (run.classes != manifest.classes) return std::nullopt;
    clips.probabilities.middleCols(static_cast<Eigen::Index>(clips.truth.size()),
                                   static_cast<Eigen::Index>(run.tested.size())) =
        run.probabilities;
    for (const std::size_t i : run.tested) clips.truth.push_back(manifest.label_index(i));
  }
  return clips;
}

void summarise(CrossValidationReport& report) {
  const auto& manifest = report.manifest;
  const auto count = static_cast<Eigen::Index>(manifest.classes.size());
  Values of_runs;
  std::map<std::uint64_t, Values> of_seeds;
  Confusion pooled = Confusion::Zero(count, count);
  std::map<std::string, Confusion> of_speakers;
  for (const auto& run : report.runs) {
    if (!run.test) continue;
    of_runs.add(*run.test);
    of_seeds[run.seed].add(*run.test);
    // A fold counts classes of its own; here they meet by name.
    std::vector<Eigen::Index> class_in_all;
    for (const auto& name : run.classes) {
      class_in_all.push_back(std::ranges::lower_bound(manifest.classes, name) -
                             manifest.classes.begin());
    }
    for (std::size_t i = 0; i < run.tested.size(); ++i) {
      const Eigen::Index truth = manifest.label_index(run.tested[i]);
      const Eigen::Index predicted = class_in_all[static_cast<std::size_t>(run.predicted[i])];
      ++pooled(truth, predicted);
      const auto& speaker = manifest.utterances[run.tested[i]].speaker;
      if (speaker.empty()) continue;
      ++of_speakers.try_emplace(speaker, Confusion::Zero(count, count))
            .first->second(truth, predicted);
    }
  }
  if (of_seeds.empty()) return;
  report.spreads = spreads_of(of_runs.accuracy, of_runs.uar, of_runs.macro_f1);
  Values means;
  for (const auto& [seed, values] : of_seeds) means.add_means_of(values);
  report.spreads_of_seeds = spreads_of(means.accuracy, means.uar, means.macro_f1);
  const auto clips = scored_clips(report);
  report.pooled =
      clips ? eval::compute_metrics(*clips) : eval::compute_metrics(pooled, manifest.classes);
  for (const auto& [speaker, confusion] : of_speakers) {
    report.speakers.push_back({speaker, eval::compute_metrics(confusion, manifest.classes)});
  }
}

}  // namespace ser::train
