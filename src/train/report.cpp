#include "ser/train/report.h"

#include <cmath>
#include <map>

#include "ser/core/base64.h"
#include "ser/core/version.h"
#include "ser/dataset/group_statistics.h"

namespace ser::train {
namespace {

using core::Json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json metrics_or_null(const std::optional<eval::Metrics>& metrics) {
  return metrics ? eval::to_json(*metrics) : Json(nullptr);
}

Json corpus_json(const TrainingReport& report) {
  const auto& manifest = report.manifest;
  std::map<std::string, std::size_t> counts;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.label];
  Json json;
  json["name"] = manifest.utterances.empty() ? "" : manifest.utterances.front().corpus;
  json["layout"] = manifest.layout;
  json["labels"] = manifest.labels;
  json["utterances"] = manifest.utterances.size();
  json["classes"] = Json::array();
  for (const auto& name : manifest.classes) {
    json["classes"].push_back({{"name", name}, {"utterances", counts[name]}});
  }
  json["speakers"] = manifest.speakers();
  json["label_mapping"] = Json::array();
  for (const auto& [spelling, label] : manifest.label_mapping) {
    json["label_mapping"].push_back({{"spelling", spelling}, {"label", label}});
  }
  return json;
}

Json history_json(const FitResult& fit) {
  Json history = Json::array();
  for (const auto& record : fit.history) {
    history.push_back({{"epoch", record.epoch},
                       {"learning_rate", record.learning_rate},
                       {"loss", number_or_null(record.loss)},
                       {"accuracy", number_or_null(record.accuracy)},
                       {"validation_loss", number_or_null(record.validation_loss)},
                       {"validation_accuracy", number_or_null(record.validation_accuracy)},
                       {"validation_uar", number_or_null(record.validation_uar)}});
  }
  return history;
}

Json remarks_json(const corpus::Manifest& manifest, const std::vector<dataset::Remark>& remarks) {
  Json list = Json::array();
  for (const auto& remark : remarks) {
    Json entry;
    entry["id"] = manifest.utterances[remark.utterance].id;
    if (!remark.code.empty()) entry["code"] = remark.code;
    entry["message"] = remark.message;
    list.push_back(std::move(entry));
  }
  return list;
}

Json result_json(const TrainingReport& report) {
  Json json;
  json["protocol"] = report.split.protocol;
  json["statement"] = report.split.statement;
  json["normalization"] = report.recipe.normalization;
  json["transductive"] = dataset::is_transductive(report.recipe.normalization);
  json["leaks_allowed"] = Json::array();
  for (const auto& leak : report.leaks.allowed) {
    json["leaks_allowed"].push_back({{"leak", leak.kind}, {"statement", leak.statement}});
  }
  json["seed"] = report.recipe.seed;
  json["validation"] = metrics_or_null(report.validation);
  json["test"] = metrics_or_null(report.test);
  return json;
}

Json leaks_json(const TrainingReport& report) {
  const auto& utterances = report.manifest.utterances;
  Json json;
  json["removed"] = Json::array();
  for (const auto& [clip, twin, kind] : report.leaks.removed) {
    json["removed"].push_back(
        {{"left_out", utterances[clip].id},
         {"copy_of", utterances[twin].id},
         {"kind", kind == SoundPair::Kind::kIdentical ? "identical" : "near-identical"}});
  }
  json["near_identical"] = Json::array();
  for (const auto& pair : report.sounds.near_identical) {
    json["near_identical"].push_back(
        {{"clips", {utterances[pair.first].id, utterances[pair.second].id}},
         {"difference", pair.difference}});
  }
  json["label_conflicts"] = Json::array();
  for (const auto& conflict : report.leaks.label_conflicts) {
    Json clips = Json::array();
    for (const std::size_t clip : conflict) {
      clips.push_back({{"id", utterances[clip].id}, {"label", utterances[clip].label}});
    }
    json["label_conflicts"].push_back(std::move(clips));
  }
  return json;
}

// What a part sounds like, so that its clips are known again.
Json sounds_json(const ClipSounds& sounds, const std::vector<std::size_t>& part) {
  Json samples = Json::array();
  Json fingerprints = Json::array();
  for (const std::size_t utterance : part) {
    samples.push_back(sounds.checksums[utterance]);
    fingerprints.push_back(core::to_base64(sounds.fingerprints[utterance]));
  }
  return {{"samples", std::move(samples)}, {"fingerprints", std::move(fingerprints)}};
}

}  // namespace

Json to_json(const TrainingReport& report) {
  const auto& manifest = report.manifest;
  Json json;
  json["schema"] = kTrainingReportSchema;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = corpus_json(report);
  json["corpus"]["path"] = report.root.string();
  json["corpus"]["left_out"] = Json::array();
  for (const auto& left_out : manifest.left_out) {
    json["corpus"]["left_out"].push_back(
        {{"path", left_out.relative_path}, {"reason", left_out.reason}});
  }
  json["split"] = corpus::to_json(manifest, report.split);
  json["leaks"] = leaks_json(report);
  if (dataset::is_transductive(report.recipe.normalization)) {
    json["without_own_statistics"] = report.without_own_statistics;
  }
  json["failures"] = remarks_json(manifest, report.failures);
  json["warnings"] = remarks_json(manifest, report.warnings);
  json["training"] = {
      {"examples", report.training_examples},
      {"parameters", report.parameter_count},
      {"best_epoch", report.fit.best_epoch},
      {"end", report.fit.end == FitResult::End::kEarlyStopping ? "early stopping" : "all epochs"},
      {"history", history_json(report.fit)}};
  json["result"] = result_json(report);
  json["timing"] = {{"features_s", report.timing.features_s},
                    {"training_s", report.timing.training_s}};
  return json;
}

Json provenance(const TrainingReport& report) {
  Json json;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = corpus_json(report);
  json["best_epoch"] = report.fit.best_epoch;
  json["result"] = result_json(report);
  json["sounds"] = {{"train", sounds_json(report.sounds, report.split.train)},
                    {"validation", sounds_json(report.sounds, report.split.validation)},
                    {"test", sounds_json(report.sounds, report.split.test)}};
  return json;
}

}  // namespace ser::train
