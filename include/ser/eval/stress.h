#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "ser/core/random.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/stress_conditions.h"

namespace ser::eval {

// The scored clips under one condition.
struct StressResult {
  StressCondition condition;
  Metrics metrics;          // Metrics::unchanged among them
  double uar_change = 0.0;  // from the UAR of the same clips as they are
};

struct StressFailure {
  std::size_t utterance = 0;  // in the manifest
  std::string condition;
  std::string code;
  std::string message;
};

struct StressReport {
  std::vector<StressResult> results;
  // Conditions that could not be tried, since there is no other clip to make babble of, or none
  // that could be used.
  std::vector<std::string> left_out;
  std::vector<StressFailure> failures;  // these clips are not in the condition's score
};

// So many other clips speak at once, or all where there are fewer.
inline constexpr std::size_t kTalkers = 6;

// `length` samples of babble: kTalkers different ones of `others` clips, drawn at random, each at
// the same energy a sample, begun anywhere and repeated, summed. read(i) gives the samples, at
// least one, of the other clip i; silent ones add nothing.
std::vector<float> babble(std::size_t length, std::size_t others,
                          const std::function<std::vector<float>(std::size_t)>& read,
                          core::RandomStream random);

// The clips that `evaluation` scored once more, under each of the conditions, which act on the clip
// as the model's ClipConfig cuts it out, at the model's rate. What is drawn depends on the
// condition and the clip's id alone, babble also on which clips are scored: the same for any number
// of jobs and order. A clip that cannot be read again is a failure and not an exception. Where the
// model normalises by speaker or corpus, their statistics are those under the condition.
//
// Memory is that of the features of all clips, or 256 MiB where that is more: the clips are read
// once, and for babble six others beside each, if the features under all conditions fit into it,
// otherwise once for as many conditions as do. `progress` as in evaluate(). Throws Interrupted.
StressReport stress(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                    const Evaluation& evaluation, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress = {},
                    const core::StopRequested& stop_requested = {},
                    std::span<const StressCondition> conditions = stress_conditions());

// By the names of the conditions, for check_gates().
std::map<std::string, Metrics> metrics_of(const StressReport& report);

// {"conditions": [{"name", "description", "steps", "babble_db" or null, "clips", "uar_change",
// "unchanged", "values": {"uar": ...}}], "left_out": [names], "failures": [{"id", "condition",
// "code", "message"}]}.
core::Json to_json(const StressReport& report, const corpus::Manifest& manifest);

}  // namespace ser::eval
