#include "ser/eval/permutation_importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/dataset/group_statistics.h"

namespace ser::eval {
namespace {

// The clips of an evaluation, read again and normalised.
struct Clips {
  Eigen::MatrixXf values;  // [features x clips]
  ScoredClips scored;
};

Clips read_again(const model::EmotionClassifier& classifier, const corpus::Manifest& manifest,
                 const Evaluation& evaluation, core::ThreadPool& pool,
                 const core::StopRequested& stop_requested, ImportanceReport& report) {
  if (classifier.extractor().gives_frames()) {
    throw core::ConfigError("E_EVAL_IMPORTANCE",
                            "permutation importance is of models that describe a clip by as many "
                            "numbers as any other; this one takes frames, which clips of other "
                            "lengths cannot exchange");
  }
  const auto& parts = classifier.parts();
  auto built =
      dataset::build_examples({manifest, evaluation.utterances, parts.clip, classifier.extractor(),
                               augment::AugmentationPlan(), core::RandomStream(0)},
                              pool, {}, stop_requested);
  report.failures = std::move(built.failures);
  if (built.examples.size() == 0) {
    throw core::CorpusError(
        "E_EVAL_NO_CLIPS",
        "none of the clips could be read again; the first: " + report.failures.front().message);
  }
  std::vector<std::size_t> kept;  // both lists are sorted
  for (std::size_t i = 0; i < evaluation.utterances.size(); ++i) {
    if (kept.size() < built.examples.size() &&
        built.examples.utterances[kept.size()] == evaluation.utterances[i]) {
      kept.push_back(i);
    }
  }
  dataset::normalize_by_group(
      built.examples,
      dataset::statistics_groups(manifest, built.examples.utterances, parts.normalization),
      parts.normalizer);
  return {std::move(built.examples.values), select(evaluation.clips, kept)};
}

void summarise(GroupImportance& group) {
  const auto count = static_cast<double>(group.drops.size());
  group.mean = std::accumulate(group.drops.begin(), group.drops.end(), 0.0) / count;
  double squares = 0.0;
  for (const double drop : group.drops) squares += (drop - group.mean) * (drop - group.mean);
  if (group.drops.size() > 1) group.deviation = std::sqrt(squares / (count - 1.0));
}

}  // namespace

ImportanceReport permutation_importance(
    const model::EmotionClassifier& classifier, const corpus::Manifest& manifest,
    const Evaluation& evaluation, const ImportanceConfig& config, core::ThreadPool& pool,
    const std::function<void(std::size_t, std::size_t)>& progress,
    const core::StopRequested& stop_requested) {
  core::check_config(config, "importance");
  ImportanceReport report;
  report.config = config;
  auto clips = read_again(classifier, manifest, evaluation, pool, stop_requested, report);
  const auto& groups = classifier.extractor().clip_groups();
  const auto repetitions = static_cast<std::size_t>(config.repetitions);
  std::size_t finished = 0;
  const auto uar = [&](const Eigen::MatrixXf& values) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    clips.scored.probabilities = classifier.probabilities_of_normalized(values, pool);
    if (progress) progress(++finished, groups.size() * repetitions + 1);
    return compute_metrics(clips.scored).uar;
  };
  report.clips = static_cast<std::int64_t>(clips.scored.truth.size());
  report.uar = uar(clips.values);

  const core::RandomStream root = core::RandomStream(config.seed).fork("permutation importance");
  std::vector<Eigen::Index> order(clips.scored.truth.size());
  Eigen::MatrixXf permuted = clips.values;
  for (const auto& [name, rows] : groups) {
    GroupImportance group{name, rows.size(), {}};
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
      auto random = root.fork(name).fork(repetition);
      std::iota(order.begin(), order.end(), Eigen::Index{0});
      random.shuffle(std::span(order));
      permuted(rows, Eigen::all) = clips.values(rows, order);
      group.drops.push_back(report.uar - uar(permuted));
    }
    permuted(rows, Eigen::all) = clips.values(rows, Eigen::all);
    summarise(group);
    report.groups.push_back(std::move(group));
  }
  return report;
}

core::Json to_json(const ImportanceReport& report, const corpus::Manifest& manifest) {
  core::Json json = core::config_to_json(report.config);
  json["clips"] = report.clips;
  json["uar"] = report.uar;
  json["groups"] = core::Json::array();
  for (const auto& group : report.groups) {
    json["groups"].push_back({{"name", group.name},
                              {"features", group.features},
                              {"uar_drop", group.mean},
                              {"deviation", group.deviation},
                              {"drops", group.drops}});
  }
  json["failures"] = core::Json::array();
  for (const auto& failure : report.failures) {
    json["failures"].push_back({{"id", manifest.utterances[failure.utterance].id},
                                {"code", failure.code},
                                {"message", failure.message}});
  }
  return json;
}

}  // namespace ser::eval
