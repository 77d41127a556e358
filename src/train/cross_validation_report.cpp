#include "ser/core/version.h"
#include "ser/corpus/display_name.h"
#include "ser/dataset/group_statistics.h"
#include "ser/train/cross_validation.h"

#include "train/report_parts.h"

namespace ser::train {
namespace {

using core::Json;

Json spread_json(const Spread& spread) {
  return {{"mean", spread.mean},
          {"deviation", spread.deviation},
          {"least", spread.least},
          {"most", spread.most}};
}

// Nulls where nothing was tested.
Json spreads_json(const std::optional<MetricSpreads>& spreads) {
  if (!spreads) return {{"accuracy", nullptr}, {"uar", nullptr}, {"macro_f1", nullptr}};
  return {{"accuracy", spread_json(spreads->accuracy)},
          {"uar", spread_json(spreads->uar)},
          {"macro_f1", spread_json(spreads->macro_f1)}};
}

Json predictions_json(const corpus::Manifest& manifest, const FoldRun& run) {
  Json list = Json::array();
  for (std::size_t i = 0; i < run.tested.size(); ++i) {
    const auto& utterance = manifest.utterances[run.tested[i]];
    list.push_back({{"id", corpus::display_name(utterance.id)},
                    {"label", utterance.label},
                    {"predicted", run.classes[static_cast<std::size_t>(run.predicted[i])]}});
  }
  return list;
}

Json run_json(const CrossValidationReport& report, const FoldRun& run) {
  Json json = Json::object();
  json["fold"] = run.split.fold;
  json["seed"] = run.seed;
  json["split"] = corpus::to_json(report.manifest, run.split);
  json["classes"] = run.classes;
  json["removed"] = removed_json(report.manifest, run.leaks.removed);
  if (dataset::is_transductive(report.recipe.normalization)) {
    json["without_own_statistics"] = run.without_own_statistics;
  }
  json["training"] = training_json(run.fit, run.training_examples, run.parameter_count);
  if (!run.members.empty()) json["members"] = members_json(run.members);
  json["result"] = result_json({report.manifest, run.split, run.seed, report.recipe.normalization,
                                run.leaks, run.validation, run.test, run.calibration});
  json["predictions"] = predictions_json(report.manifest, run);
  return json;
}

}  // namespace

Json summary_json(const CrossValidationReport& report) {
  Json json = Json::object();
  json["protocol"] = report.protocol;
  json["normalization"] = report.recipe.normalization;
  json["transductive"] = dataset::is_transductive(report.recipe.normalization);
  json["leaks_allowed"] = leaks_allowed_json(leaks_allowed(report));
  json["seeds"] = report.seeds;
  json["folds"] = report.runs.size() / report.seeds.size();
  json["runs"] = report.runs.size();
  json.update(spreads_json(report.spreads));
  json["over_seeds"] = spreads_json(report.spreads_of_seeds);
  json["pooled"] = report.pooled ? eval::to_json(*report.pooled) : Json(nullptr);
  json["speakers"] = Json::array();
  for (const auto& [speaker, metrics] : report.speakers) {
    json["speakers"].push_back({{"speaker", corpus::display_name(speaker)},
                                {"clips", metrics.clips},
                                {"accuracy", metrics.accuracy},
                                {"uar", metrics.uar}});
  }
  return json;
}

Json to_json(const CrossValidationReport& report) {
  Json json = Json::object();
  json["schema"] = kCrossValidationSchema;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = sources_json(report.manifest, report.root, report.survey);
  json["leaks"] = found_in_sounds_json(report.manifest, report.sounds,
                                       report.runs.front().leaks.label_conflicts);
  json["summary"] = summary_json(report);
  json["failures"] = remarks_json(report.manifest, report.failures);
  json["warnings"] = remarks_json(report.manifest, report.warnings);
  json["folds"] = Json::array();
  for (const auto& run : report.runs) json["folds"].push_back(run_json(report, run));
  json["timing"] = {{"features_s", report.timing.features_s},
                    {"training_s", report.timing.training_s}};
  return json;
}

}  // namespace ser::train
