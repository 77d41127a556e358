#include "ser/eval/evaluate.h"

#include <algorithm>
#include <map>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/dataset/group_statistics.h"
#include "ser/eval/metric_table.h"

#include "eval/answer.h"
#include "eval/training_contents.h"

namespace ser::eval {
namespace {

using Group = TrainingContents::Group;

std::int64_t& count_of(PartCounts& counts, Group group) {
  switch (group) {
    case Group::kTrain:
      return counts.train;
    case Group::kValidation:
      return counts.validation;
    case Group::kTest:
      return counts.test;
    case Group::kLeftOut:
      return counts.left_out;
    case Group::kRemoved:
      return counts.removed;
    case Group::kUnknown:
      break;
  }
  return counts.unknown;
}

bool belongs(Group group, Part part) {
  switch (part) {
    case Part::kUnseen:
      return group == Group::kTest || group == Group::kUnknown;
    case Part::kTest:
      return group == Group::kTest;
    case Part::kValidation:
      return group == Group::kValidation;
    case Part::kTrain:
      return group == Group::kTrain;
    case Part::kLeftOut:
      return group == Group::kLeftOut;
    case Part::kAll:
      break;
  }
  return true;
}

// What stands at a path of keys, or null where nothing does: provenance comes from a file, and so
// may anything.
core::Json value_at(const core::Json& json, std::initializer_list<const char*> path) {
  const core::Json* at = &json;
  for (const char* key : path) {
    if (!at->is_object() || !at->contains(key)) return nullptr;
    at = &(*at)[key];
  }
  return *at;
}

std::string text_at(const core::Json& json, std::initializer_list<const char*> path) {
  const core::Json value = value_at(json, path);
  return value.is_string() ? corpus::display_name(value.get<std::string>()) : "";
}

std::string list_parts(const PartCounts& counts) {
  std::string list;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count == 0) return;
    list += (list.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(counts.test, "of the model's own test part");
  add(counts.unknown, "the model has never met");
  add(counts.left_out, "of its corpus that its protocol left out");
  add(counts.removed, "that were taken out of its training as copies");
  add(counts.validation, "that chose its epoch");
  add(counts.train, "it was trained on");
  return list.empty() ? "none" : list;
}

// The statements of the leaks that training was allowed.
std::vector<std::string> leaks_allowed(const core::Json& provenance) {
  std::vector<std::string> leaks;
  const auto result = provenance.is_object() ? provenance.find("result") : provenance.end();
  if (result == provenance.end() || !result->is_object()) return leaks;
  const auto list = result->find("leaks_allowed");
  if (list == result->end() || !list->is_array()) return leaks;
  for (const auto& leak : *list) leaks.push_back(text_at(leak, {"statement"}));
  return leaks;
}

void describe(Evaluation& evaluation, const std::string& model_protocol,
              const std::string& model_speakers) {
  const auto& scored = evaluation.scored;
  if (evaluation.contaminated()) {
    evaluation.protocol = "contaminated";
  } else if (scored.test > 0 && scored.test == scored.sum()) {
    evaluation.protocol = model_protocol.empty() ? "unknown" : model_protocol;
    evaluation.speakers = model_speakers;
  } else if (scored.left_out > 0 && scored.left_out == scored.sum()) {
    evaluation.protocol = "left-out clips";
  } else if (scored.test == 0) {
    evaluation.protocol = "other data";
  } else {
    evaluation.protocol = "test part and other data";
  }
  const auto& in_tree = evaluation.in_tree;
  const PartCounts others = {
      in_tree.train - scored.train,     in_tree.validation - scored.validation,
      in_tree.test - scored.test,       in_tree.left_out - scored.left_out,
      in_tree.removed - scored.removed, in_tree.unknown - scored.unknown};
  evaluation.statement =
      "scored clips: " + list_parts(scored) + "; not scored: " + list_parts(others);
  if (evaluation.near_copies > 0) {
    evaluation.statement += "; " + std::to_string(evaluation.near_copies) +
                            " clips in the tree are not the model's own files but near-identical "
                            "to them (re-encoded, louder or softer, cropped or padded)";
  }
  if (const auto statement = dataset::normalization_statement(evaluation.normalization);
      !statement.empty()) {
    evaluation.statement = statement + ". " + evaluation.statement;
  }
  if (scored.test > 0) {
    for (const auto& leak : evaluation.leaks_allowed) {
      evaluation.statement = "LEAK ALLOWED: " + leak + ". " + evaluation.statement;
    }
  }
  if (evaluation.contaminated()) {
    evaluation.statement =
        "THIS SCORE IS NOT HONEST: it contains clips that the model was trained on or chosen by. " +
        evaluation.statement;
  }
}

}  // namespace

std::string protocol_name(const std::string& protocol, const std::string& speakers) {
  return protocol + (speakers.empty() ? "" : " (" + speakers + ")");
}

std::string label_mode(const model::Recogniser& recogniser) {
  const auto mode = text_at(recogniser.provenance(), {"corpus", "labels"});
  return mode == "folder" ? mode : "emotion";
}

std::vector<std::string> label_map(const model::Recogniser& recogniser,
                                   const corpus::Manifest& manifest) {
  std::vector<std::string> map;
  for (const auto& entry : value_at(recogniser.provenance(), {"recipe", "corpus", "map"})) {
    if (!entry.is_string()) continue;
    const std::string text = entry.get<std::string>();
    const bool has_label = std::binary_search(manifest.classes.begin(), manifest.classes.end(),
                                              text.substr(0, text.find('=')));
    if (has_label) map.push_back(text);
  }
  return map;
}

Evaluation evaluate(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                    Part part, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress,
                    const core::StopRequested& stop_requested) {
  const auto& classes = recogniser.classes();
  Evaluation evaluation;

  // Index of each of the corpus's classes among the model's, by name.
  std::vector<int> class_in_model;
  for (const auto& name : manifest.classes) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    class_in_model.push_back(found == classes.end() ? -1
                                                    : static_cast<int>(found - classes.begin()));
  }

  const auto known =
      TrainingContents(recogniser.provenance()).look_up(manifest, pool, stop_requested);
  std::vector<std::size_t> chosen;
  std::map<std::string, std::int64_t> unknown_labels;
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    ++count_of(evaluation.in_tree, known[i].group);
    // Nobody knows what the model has seen of it, whether or not its features can be read later on.
    if (!known[i].failure.empty()) {
      evaluation.failures.push_back({i, known[i].failure_code, known[i].failure});
      continue;
    }
    if (known[i].how == TrainingContents::Answer::How::kNearIdentical) ++evaluation.near_copies;
    if (!belongs(known[i].group, part)) continue;
    if (class_in_model[static_cast<std::size_t>(manifest.label_index(i))] < 0) {
      ++unknown_labels[manifest.utterances[i].label];
      continue;
    }
    chosen.push_back(i);
  }
  evaluation.unknown_labels.assign(unknown_labels.begin(), unknown_labels.end());

  auto answer = answer_of(
      recogniser, manifest, chosen, pool,
      [&](std::size_t done, std::size_t total) {
        if (progress) progress(done, total);
      },
      stop_requested);
  dataset::add_remarks(evaluation.failures, std::move(answer.failures));
  evaluation.warnings = std::move(answer.warnings);
  if (answer.utterances.empty()) {
    std::string why = "nothing to score: of " + std::to_string(manifest.utterances.size()) +
                      " clips in the tree, " + list_parts(evaluation.in_tree);
    if (!unknown_labels.empty()) {
      why += "; labels that the model does not know: " + unknown_labels.begin()->first +
             (unknown_labels.size() > 1 ? ", ..." : "");
    }
    if (!evaluation.failures.empty()) {
      why += "; first failure: " + evaluation.failures.front().message;
    }
    throw core::CorpusError("E_EVAL_NO_CLIPS", why);
  }

  std::vector<int> truth;
  for (const std::size_t i : answer.utterances) {
    truth.push_back(class_in_model[static_cast<std::size_t>(manifest.label_index(i))]);
    ++count_of(evaluation.scored, known[i].group);
  }
  evaluation.normalization = recogniser.normalization();
  if (dataset::is_transductive(evaluation.normalization)) {
    evaluation.without_own_statistics = static_cast<std::int64_t>(answer.by_training);
  }
  evaluation.clips = {classes, std::move(truth), std::move(answer.probabilities)};
  evaluation.metrics = compute_metrics(evaluation.clips);
  evaluation.utterances = std::move(answer.utterances);
  evaluation.leaks_allowed = leaks_allowed(recogniser.provenance());
  describe(evaluation, text_at(recogniser.provenance(), {"result", "protocol"}),
           text_at(recogniser.provenance(), {"result", "speakers"}));
  return evaluation;
}

core::Json to_json(const Evaluation& evaluation, const corpus::Manifest& manifest) {
  const auto counts = [](const PartCounts& part) {
    return core::Json{{"train", part.train},     {"validation", part.validation},
                      {"test", part.test},       {"left_out", part.left_out},
                      {"removed", part.removed}, {"unknown", part.unknown}};
  };
  core::Json json = core::Json::object();
  json["schema"] = kEvaluationSchema;
  json["protocol"] = evaluation.protocol;
  json["speakers"] = evaluation.speakers;
  json["statement"] = evaluation.statement;
  json["contaminated"] = evaluation.contaminated();
  json["normalization"] = evaluation.normalization;
  json["transductive"] = dataset::is_transductive(evaluation.normalization);
  json["without_own_statistics"] = evaluation.without_own_statistics;
  json["near_copies"] = evaluation.near_copies;
  json["leaks_allowed"] = evaluation.leaks_allowed;
  json["metrics"] = to_json(evaluation.metrics);
  json["values"] = values_json(evaluation.metrics);
  json["scored"] = counts(evaluation.scored);
  json["in_tree"] = counts(evaluation.in_tree);
  json["unknown_labels"] = core::Json::array();
  for (const auto& [label, count] : evaluation.unknown_labels) {
    json["unknown_labels"].push_back({{"label", label}, {"clips", count}});
  }
  json["failures"] = core::Json::array();
  for (const auto& failure : evaluation.failures) {
    json["failures"].push_back({{"id", manifest.utterances[failure.utterance].id},
                                {"code", failure.code},
                                {"message", failure.message}});
  }
  return json;
}

}  // namespace ser::eval
