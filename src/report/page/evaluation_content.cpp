#include <algorithm>
#include <initializer_list>

#include "ser/dataset/group_statistics.h"
#include "ser/report/page.h"

#include "report/page/content_parts.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using page::count_of;

// What stands at a place of a model's provenance, which anybody may have written: as text, or
// nothing.
std::string text_at(const core::Json& json, std::initializer_list<const char*> path) {
  const core::Json* place = &json;
  for (const char* const key : path) {
    if (!place->is_object() || !place->contains(key)) return "";
    place = &(*place)[key];
  }
  if (place->is_string()) return place->get<std::string>();
  return place->is_primitive() && !place->is_null() ? core::json_text(*place) : "";
}

std::vector<Fact> clip_counts(const eval::Evaluation& evaluation) {
  const auto counts = [](const eval::PartCounts& part) {
    return "test part " + std::to_string(part.test) + ", validation part " +
           std::to_string(part.validation) + ", training part " + std::to_string(part.train) +
           ", left out by the protocol " + std::to_string(part.left_out) + ", removed as copies " +
           std::to_string(part.removed) + ", new to the model " + std::to_string(part.unknown);
  };
  return {
      {"Clips by the part of the model's training that they are of", counts(evaluation.in_tree)},
      {"Of these scored", counts(evaluation.scored)},
      {"Near-identical to clips of its training",
       count_of(static_cast<std::size_t>(evaluation.near_copies), "clip")},
      {"Score touched by training", evaluation.contaminated()
                                        ? "yes: clips that it was trained on, or chosen by, are "
                                          "in the score"
                                        : "no"}};
}

std::vector<Fact> model_facts(const EvaluatedModel& model) {
  const auto& recogniser = model.recogniser;
  const auto& provenance = recogniser.provenance();
  std::vector<Fact> facts = {{"Model", model.name}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) facts.push_back({name, text});
  };
  add("Recipe", text_at(provenance, {"recipe", "name"}));
  add("Seed", text_at(provenance, {"recipe", "seed"}));
  add("Trained on", text_at(provenance, {"corpus", "name"}));
  add("Clips that it was made from", text_at(provenance, {"corpus", "utterances"}));
  add("Its own protocol", text_at(provenance, {"result", "protocol"}));
  add("Its own split", text_at(provenance, {"result", "statement"}));
  add("Epoch", text_at(provenance, {"best_epoch"}));
  if (recogniser.is_ensemble()) add("Members", std::to_string(recogniser.members().size()));
  add("Classes", page::listed(recogniser.classes()));
  add("Normalisation", recogniser.normalization());
  add("Trained by version", text_at(provenance, {"toolkit_version"}));
  return facts;
}

}  // namespace

PageContent page_content(const eval::Evaluation& evaluation, const eval::Intervals& intervals,
                         std::vector<eval::Grouping> groupings,
                         const std::optional<eval::StressReport>& stress,
                         const EvaluatedModel& model, const eval::BootstrapConfig& config,
                         core::ThreadPool& pool) {
  PageContent content;
  content.title = "Evaluation of " + model.name;
  content.protocol = eval::protocol_name(evaluation.protocol, evaluation.speakers);
  content.statement = evaluation.statement;
  if (evaluation.contaminated()) {
    content.reservations.push_back(
        "NOT HONEST: clips that the model was trained on, or chosen by, are in this score.");
  }
  for (const auto& leak : evaluation.leaks_allowed) content.reservations.push_back(leak);
  if (const auto statement = dataset::normalization_statement(evaluation.normalization);
      !statement.empty()) {
    content.reservations.push_back(statement);
  }
  if (!evaluation.failures.empty()) {
    content.reservations.push_back(
        "INCOMPLETE: " + count_of(evaluation.failures.size(), "recording") + " could not be used.");
  }
  content.leak_check = clip_counts(evaluation);
  content.scored = "the clips named above";
  content.metrics = evaluation.metrics;
  content.intervals = intervals;
  content.clips = evaluation.clips;
  if (std::ranges::count(groupings, "speaker", &eval::Grouping::column) == 0) {
    content.groupings =
        page::by_speaker(model.manifest, evaluation.utterances, evaluation.clips, config, pool);
  }
  for (auto& grouping : groupings) content.groupings.push_back(std::move(grouping));
  content.stress = stress;
  content.wrong = page::wrong_clips(model.manifest, evaluation.utterances, evaluation.clips.classes,
                                    evaluation.clips.probabilities);
  page::sort_by_confidence(content.wrong);
  if (model.recogniser.is_ensemble()) {
    content.calibration = {{"Temperature of the mean", fixed(model.recogniser.temperature())}};
  } else {
    content.calibration = {{"Temperature", fixed(model.recogniser.only().parts().temperature)}};
  }
  content.data = page::data_facts(model.manifest);
  for (const auto& [label, count] : evaluation.unknown_labels) {
    content.data.push_back({"Not scored, since the model does not know the label",
                            label + " (" + std::to_string(count) + ")"});
  }
  content.model = model_facts(model);
  const auto& provenance = model.recogniser.provenance();
  if (provenance.is_object() && provenance.contains("recipe")) {
    content.configuration = provenance["recipe"];
  }
  return content;
}

}  // namespace ser::report
