#include "ser/train/report.h"

#include <cmath>
#include <map>

#include "ser/core/base64.h"
#include "ser/core/version.h"
#include "ser/dataset/group_statistics.h"

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
  Json json = Json::object();
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

Json sources_json(const corpus::Manifest& manifest, const std::filesystem::path& root,
                  const std::optional<dataset::Survey>& survey) {
  Json json = corpus_json(manifest);
  if (manifest.sources.size() < 2) json["path"] = root.string();
  for (std::size_t i = 0; i < manifest.sources.size(); ++i) {
    json["sources"][i]["path"] = manifest.sources[i].root.string();
  }
  json["left_out"] = Json::array();
  for (const auto& left_out : manifest.left_out) {
    json["left_out"].push_back({{"path", left_out.relative_path}, {"reason", left_out.reason}});
  }
  if (survey) json.update(dataset::to_json(*survey));
  return json;
}

Json training_json(const FitResult& fit, std::size_t examples, std::int64_t parameters) {
  return {{"examples", examples},
          {"parameters", parameters},
          {"best_epoch", fit.best_epoch},
          {"end", fit.end == FitResult::End::kEarlyStopping ? "early stopping" : "all epochs"},
          {"history", history_json(fit)}};
}

Json members_json(const std::vector<MemberRecord>& members) {
  Json list = Json::array();
  for (const auto& member : members) {
    Json json = training_json(member.fit, member.training_examples, member.parameter_count);
    json["name"] = member.name;
    json["validation"] = metrics_or_null(member.validation);
    json["test"] = metrics_or_null(member.test);
    json["calibration"] = eval::to_json(member.calibration);
    list.push_back(std::move(json));
  }
  return list;
}

Json remarks_json(const corpus::Manifest& manifest, const std::vector<dataset::Remark>& remarks) {
  Json list = Json::array();
  for (const auto& remark : remarks) {
    Json entry = Json::object();
    entry["id"] = manifest.utterances[remark.utterance].id;
    if (!remark.code.empty()) entry["code"] = remark.code;
    entry["message"] = remark.message;
    list.push_back(std::move(entry));
  }
  return list;
}

Json result_json(const ScoredRun& result) {
  Json json = Json::object();
  json["protocol"] = result.split.protocol;
  json["speakers"] = corpus::speaker_dependence(result.manifest, result.split);
  json["statement"] = result.split.statement;
  json["normalization"] = result.normalization;
  json["transductive"] = dataset::is_transductive(result.normalization);
  json["leaks_allowed"] = leaks_allowed_json(result.leaks.allowed);
  json["seed"] = result.seed;
  json["validation"] = metrics_or_null(result.validation);
  json["test"] = metrics_or_null(result.test);
  json["calibration"] = eval::to_json(result.calibration);
  return json;
}

Json leaks_allowed_json(const std::vector<AllowedLeak>& leaks) {
  Json list = Json::array();
  for (const auto& leak : leaks) {
    list.push_back({{"leak", leak.kind}, {"statement", leak.statement}});
  }
  return list;
}

Json removed_json(const corpus::Manifest& manifest, const std::vector<RemovedClip>& removed) {
  Json list = Json::array();
  for (const auto& [clip, twin, kind] : removed) {
    list.push_back(
        {{"left_out", manifest.utterances[clip].id},
         {"copy_of", manifest.utterances[twin].id},
         {"kind", kind == SoundPair::Kind::kIdentical ? "identical" : "near-identical"}});
  }
  return list;
}

Json found_in_sounds_json(const corpus::Manifest& manifest, const ClipSounds& sounds,
                          const std::vector<LabelConflict>& conflicts) {
  const auto& utterances = manifest.utterances;
  Json json = Json::object();
  json["near_identical"] = Json::array();
  for (const auto& pair : sounds.near_identical) {
    json["near_identical"].push_back(
        {{"clips", {utterances[pair.first].id, utterances[pair.second].id}},
         {"difference", pair.difference}});
  }
  json["label_conflicts"] = Json::array();
  for (const auto& conflict : conflicts) {
    Json clips = Json::array();
    for (const std::size_t clip : conflict) {
      clips.push_back({{"id", utterances[clip].id}, {"label", utterances[clip].label}});
    }
    json["label_conflicts"].push_back(std::move(clips));
  }
  return json;
}

namespace {

Json result_of(const TrainingReport& report) {
  return result_json({report.manifest, report.split, report.recipe.seed,
                      report.recipe.normalization, report.leaks, report.validation, report.test,
                      report.calibration});
}

// What a part sounds like, so that its clips are known again.
Json sounds_json(const TrainingReport& report, const std::vector<std::size_t>& part) {
  const auto& sounds = report.sounds;
  Json samples = Json::array();
  Json fingerprints = Json::array();
  for (const std::size_t utterance : part) {
    samples.push_back(sounds.checksums[utterance]);
    fingerprints.push_back(core::to_base64(sounds.fingerprints[utterance]));
  }
  return {{"samples", std::move(samples)}, {"fingerprints", std::move(fingerprints)}};
}

// The same with labels, by which clips in no part are told from those of a part that sound alike.
Json labelled_sounds_json(const TrainingReport& report, const std::vector<std::size_t>& clips) {
  Json json = sounds_json(report, clips);
  json["labels"] = Json::array();
  for (const std::size_t i : clips) json["labels"].push_back(report.manifest.utterances[i].label);
  return json;
}

// The copies that were taken out of a part, sorted as the findings are.
std::vector<std::size_t> removed_clips(const TrainingReport& report) {
  std::vector<std::size_t> clips;
  for (const auto& removed : report.leaks.removed) clips.push_back(removed.clip);
  return clips;
}

// The clips that the protocol put into no part, sorted.
std::vector<std::size_t> left_out_clips(const TrainingReport& report) {
  std::vector<bool> met(report.manifest.utterances.size());
  for (const auto* part : {&report.split.train, &report.split.validation, &report.split.test}) {
    for (const std::size_t i : *part) met[i] = true;
  }
  for (const auto& removed : report.leaks.removed) met[removed.clip] = true;
  std::vector<std::size_t> clips;
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (!met[i]) clips.push_back(i);
  }
  return clips;
}

}  // namespace

Json to_json(const TrainingReport& report) {
  const auto& manifest = report.manifest;
  Json json = Json::object();
  json["schema"] = kTrainingReportSchema;
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = sources_json(manifest, report.root, report.survey);
  json["split"] = corpus::to_json(manifest, report.split);
  json["leaks"] = found_in_sounds_json(manifest, report.sounds, report.leaks.label_conflicts);
  json["leaks"]["removed"] = removed_json(manifest, report.leaks.removed);
  if (dataset::is_transductive(report.recipe.normalization)) {
    json["without_own_statistics"] = report.without_own_statistics;
  }
  json["failures"] = remarks_json(manifest, report.failures);
  json["warnings"] = remarks_json(manifest, report.warnings);
  json["training"] = training_json(report.fit, report.training_examples, report.parameter_count);
  if (!report.members.empty()) json["members"] = members_json(report.members);
  json["result"] = result_of(report);
  json["timing"] = {{"features_s", report.timing.features_s},
                    {"training_s", report.timing.training_s}};
  return json;
}

Json provenance(const TrainingReport& report) {
  Json json = Json::object();
  json["toolkit_version"] = core::kVersion;
  json["recipe"] = core::config_to_json(report.recipe);
  json["corpus"] = corpus_json(report.manifest);
  if (report.members.empty()) json["best_epoch"] = report.fit.best_epoch;
  for (const auto& member : report.members) {
    json["members"].push_back({{"name", member.name}, {"best_epoch", member.fit.best_epoch}});
  }
  json["result"] = result_of(report);
  json["sounds"] = {{"train", sounds_json(report, report.split.train)},
                    {"validation", sounds_json(report, report.split.validation)},
                    {"test", sounds_json(report, report.split.test)},
                    {"left_out", labelled_sounds_json(report, left_out_clips(report))},
                    {"removed", labelled_sounds_json(report, removed_clips(report))}};
  return json;
}

}  // namespace ser::train
