#include "ser/train/report.h"

#include <cmath>
#include <map>

#include "ser/core/version.h"

#include "train/report_parts.h"

namespace ser::train {
namespace {

using core::Json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json metrics_or_null(const std::optional<eval::Metrics>& metrics) {
  return metrics ? eval::to_json(*metrics) : Json(nullptr);
}

// "TESS"; of several corpora their names with commas between.
std::string corpus_name(const corpus::Manifest& manifest) {
  if (manifest.sources.size() < 2) {
    return manifest.utterances.empty() ? "" : manifest.utterances.front().corpus;
  }
  std::string names;
  for (const auto& source : manifest.sources) names += (names.empty() ? "" : ", ") + source.name;
  return names;
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

}  // namespace

Json corpus_json(const corpus::Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.label];
  Json json;
  json["name"] = corpus_name(manifest);
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
  json["dropped"] = Json::array();
  for (const auto& [label, count] : manifest.dropped) {
    json["dropped"].push_back({{"label", label}, {"utterances", count}});
  }
  json["sources"] = Json::array();
  for (const auto& source : manifest.sources) {
    json["sources"].push_back(
        {{"name", source.name}, {"layout", source.layout}, {"utterances", source.utterances}});
  }
  return json;
}

Json sources_json(const corpus::Manifest& manifest, const std::filesystem::path& root) {
  Json json = corpus_json(manifest);
  if (manifest.sources.size() < 2) json["path"] = root.string();
  for (std::size_t i = 0; i < manifest.sources.size(); ++i) {
    json["sources"][i]["path"] = manifest.sources[i].root.string();
  }
  json["left_out"] = Json::array();
  for (const auto& left_out : manifest.left_out) {
    json["left_out"].push_back({{"path", left_out.relative_path}, {"reason", left_out.reason}});
  }
  return json;
}

Json duplicates_json(const corpus::Manifest& manifest,
                     const std::vector<std::pair<std::size_t, std::size_t>>& duplicates) {
  Json list = Json::array();
  for (const auto& [clip, twin] : duplicates) {
    list.push_back({{"left_out", manifest.utterances[clip].id},
                    {"same_bytes_as", manifest.utterances[twin].id}});
  }
  return list;
}

Json training_json(const FitResult& fit, std::size_t examples, std::int64_t parameters) {
  return {{"examples", examples},
          {"parameters", parameters},
          {"best_epoch", fit.best_epoch},
          {"end", fit.end == FitResult::End::kEarlyStopping ? "early stopping" : "all epochs"},
          {"history", history_json(fit)}};
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

Json result_json(const corpus::Manifest& manifest, const corpus::Split& split, std::uint64_t seed,
                 const std::optional<eval::Metrics>& validation,
                 const std::optional<eval::Metrics>& test) {
  Json json;
  json["protocol"] = split.protocol;
  json["speakers"] = corpus::speaker_dependence(manifest, split);
  json["statement"] = split.statement;
  json["seed"] = seed;
  json["validation"] = metrics_or_null(validation);
  json["test"] = metrics_or_null(test);
  return json;
}

namespace {

Json result_of(const TrainingReport& report) {
  return result_json(report.manifest, report.split, report.recipe.seed, report.validation,
                     report.test);
}

}  // namespace

Json to_json(const TrainingReport& report) {
  const auto& manifest = report.manifest;
  Json json;
  json["schema"] = kTrainingReportSchema;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = sources_json(manifest, report.root);
  json["split"] = corpus::to_json(manifest, report.split);
  json["duplicates"] = duplicates_json(manifest, report.duplicates);
  json["failures"] = remarks_json(manifest, report.failures);
  json["warnings"] = remarks_json(manifest, report.warnings);
  json["training"] = training_json(report.fit, report.training_examples, report.parameter_count);
  json["result"] = result_of(report);
  json["timing"] = {{"features_s", report.timing.features_s},
                    {"training_s", report.timing.training_s}};
  return json;
}

Json provenance(const TrainingReport& report) {
  Json json;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = corpus_json(report.manifest);
  json["best_epoch"] = report.fit.best_epoch;
  json["result"] = result_of(report);
  const auto contents = [&](const std::vector<std::size_t>& part) {
    Json list = Json::array();
    for (const std::size_t utterance : part) list.push_back(report.checksums[utterance]);
    return list;
  };
  json["contents"] = {{"train", contents(report.split.train)},
                      {"validation", contents(report.split.validation)},
                      {"test", contents(report.split.test)}};
  return json;
}

}  // namespace ser::train
