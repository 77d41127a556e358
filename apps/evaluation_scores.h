#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ser/eval/bootstrap.h"
#include "ser/eval/comparison.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/gate.h"
#include "ser/eval/groups.h"
#include "ser/eval/permutation_importance.h"
#include "ser/eval/stress.h"

#include "evaluation_outputs.h"
#include "evaluation_request.h"

namespace ser::apps {

// What an evaluation came to: what was asked for beside the metrics is there.
struct Scores {
  eval::Evaluation evaluation;
  eval::Intervals intervals;
  std::vector<eval::Grouping> groupings;
  std::optional<eval::Comparison> comparison;
  std::optional<eval::StressReport> stress;
  std::optional<eval::ImportanceReport> importance;
};

// The whole of it, as it is written. `protocol` as eval::protocol_name().
std::string plain_text(const Scores& scores, const std::string& protocol);
std::string markdown_text(const Scores& scores, const std::string& protocol);
std::string json_text(const EvaluationRequest& request, const Scores& scores,
                      const corpus::Manifest& manifest,
                      const std::vector<eval::GateResult>& results);
EvaluationPictures pictures(const EvaluationRequest& request, const Scores& scores,
                            const std::string& protocol);

}  // namespace ser::apps
