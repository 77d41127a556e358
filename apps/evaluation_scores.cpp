#include "evaluation_scores.h"

#include "ser/report/comparison.h"
#include "ser/report/evaluation.h"
#include "ser/report/explanation.h"
#include "ser/report/stress.h"

namespace ser::apps {
namespace {

// One is a text, as it always was; several are a list.
core::Json corpora_json(const std::vector<std::filesystem::path>& roots) {
  if (roots.size() == 1) return roots.front().string();
  core::Json list = core::Json::array();
  for (const auto& root : roots) list.push_back(root.string());
  return list;
}

}  // namespace

std::string plain_text(const Scores& scores, const std::string& protocol) {
  const auto& evaluation = scores.evaluation;
  std::string text = "protocol " + protocol + "; " + evaluation.statement + "\n\n" +
                     report::evaluation_text(evaluation.metrics, scores.intervals);
  for (const auto& grouping : scores.groupings) {
    text += "\n" + report::grouping_text(grouping);
  }
  if (scores.stress) {
    text += "\n" + report::stress_text(*scores.stress, evaluation.metrics.uar);
  }
  if (scores.importance) text += "\n" + report::importance_text(*scores.importance);
  if (scores.comparison) text += "\n" + report::comparison_text(*scores.comparison);
  return text;
}

std::string markdown_text(const Scores& scores, const std::string& protocol) {
  std::string text = report::statement_markdown(protocol, scores.evaluation.statement) + "\n" +
                     report::evaluation_markdown(scores.evaluation.metrics, scores.intervals);
  for (const auto& grouping : scores.groupings) {
    text += "\n" + report::grouping_markdown(grouping);
  }
  if (scores.stress) {
    text += "\n" + report::stress_markdown(*scores.stress, scores.evaluation.metrics.uar);
  }
  if (scores.importance) text += "\n" + report::importance_markdown(*scores.importance);
  if (scores.comparison) text += "\n" + report::comparison_markdown(*scores.comparison);
  return text;
}

std::string json_text(const EvaluationRequest& request, const Scores& scores,
                      const corpus::Manifest& manifest,
                      const std::vector<eval::GateResult>& results) {
  auto json = eval::to_json(scores.evaluation, manifest);
  json["intervals"] = eval::to_json(scores.intervals);
  json["groupings"] = core::Json::array();
  for (const auto& grouping : scores.groupings) {
    json["groupings"].push_back(eval::to_json(grouping));
  }
  json["model"] = request.model;
  json["corpus"] = corpora_json(request.roots);
  json["gates"] = eval::to_json(results);
  if (scores.comparison) json["comparison"] = eval::to_json(*scores.comparison);
  if (scores.stress) {
    json["stress"] = eval::to_json(*scores.stress, manifest);
    // For --max-drop of a later evaluation.
    for (const auto& [condition, metrics] : eval::metrics_of(*scores.stress)) {
      json["values"]["stress." + condition + ".uar"] = metrics.uar;
      json["values"]["stress." + condition + ".unchanged"] = metrics.unchanged.value_or(0.0);
    }
  }
  if (scores.importance) json["importance"] = eval::to_json(*scores.importance, manifest);
  json["predictions"] =
      eval::predictions_json(eval::named_results(request.model, scores.evaluation, manifest));
  return core::json_text(json, 2) + "\n";
}

EvaluationPictures pictures(const EvaluationRequest& request, const Scores& scores,
                            const std::string& protocol) {
  const auto& evaluation = scores.evaluation;
  const std::string statement = "Protocol: " + protocol + ". " + evaluation.statement;
  EvaluationPictures pictures;
  if (!request.files.picture.empty()) {
    pictures.evaluation =
        report::evaluation_picture(evaluation.metrics, evaluation.clips, statement);
  }
  if (!request.files.stress_picture.empty()) {
    pictures.stress = report::stress_picture(*scores.stress, evaluation.metrics.uar, statement);
  }
  if (!request.files.importance_picture.empty()) {
    pictures.importance = report::importance_picture(*scores.importance, statement);
  }
  return pictures;
}

}  // namespace ser::apps
