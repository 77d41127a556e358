#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/scored_clips.h"

namespace ser::eval {

// What a recogniser made of clips that are known by their ids.
struct NamedResults {
  std::string name;      // of the model or file
  std::string protocol;  // of its score, as protocol_name()
  ScoredClips clips;
  std::vector<std::string> ids;       // of each clip, each once
  std::vector<std::string> speakers;  // of each clip; empty: unknown
};

NamedResults named_results(std::string name, const Evaluation& evaluation,
                           const corpus::Manifest& manifest);

// [{"id", "speaker", "label", "probabilities": [...]}], classes in the order of the model's; and
// back, from the whole evaluation in JSON. Throws ConfigError: E_FILE_MISSING, E_FILE_READ,
// E_FILE_TOO_LARGE, E_JSON, E_COMPARE_INPUT (no such evaluation).
core::Json predictions_json(const NamedResults& results);
NamedResults read_results(const std::filesystem::path& path);

// A metric before and after, on the clips that both know.
struct MetricChange {
  std::string metric;
  std::optional<double> before;
  std::optional<double> after;
  // Of after - before, by resampling the clips (or speakers) of both alike.
  std::optional<Interval> difference;
};

struct ChangedClip {
  std::string id;
  std::string label;
  std::string before;  // predicted
  std::string after;
};

// Two recognisers on the same clips.
struct Comparison {
  std::string before;
  std::string after;
  std::string before_protocol;
  std::string after_protocol;
  std::size_t clips = 0;
  std::size_t only_before = 0;  // clips that only one of them knows, or labels otherwise
  std::size_t only_after = 0;
  std::string statement;  // of the intervals, as Intervals::statement
  double level = 0.95;
  std::vector<MetricChange> metrics;  // in the order of metric_names()
  std::size_t fixed = 0;              // wrong before, right after
  std::size_t broken = 0;             // right before, wrong after
  // McNemar's test (1947), exact: the chance of a split of the clips that one alone got right at
  // least as uneven as this, if both were equally good. It takes clips as independent.
  double mcnemar_p = 1.0;
  std::vector<ChangedClip> changed;  // whose prediction changed, sorted by id
};

// Throws ConfigError (E_COMPARE_INPUT) if the classes differ, or no clip is known to both with the
// same label.
Comparison compare(const NamedResults& before, const NamedResults& after,
                   const BootstrapConfig& config, core::ThreadPool& pool,
                   std::optional<double> threshold = std::nullopt);

// Two-sided exact probability of a split (fixed, broken) at least as uneven by a fair coin.
double mcnemar(std::size_t fixed, std::size_t broken);

// {"before", "after", "before_protocol", "after_protocol", "clips", "only_before", "only_after",
// "statement", "level", "metrics":
// {"uar": {"before", "after", "difference": [low, high]}}, "fixed", "broken", "mcnemar_p",
// "changed": [{"id", "label", "before", "after"}]}.
core::Json to_json(const Comparison& comparison);

}  // namespace ser::eval
