#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/metrics.h"

namespace ser::eval {

// What a gate asks of a metric (eval/metric_table.h). Equality passes each. Whether higher or lower
// is better decides which kinds a metric takes: a least value makes no sense for a loss.
enum class GateKind {
  kMin,          // the value is at least the bound
  kMax,          // the value is at most the bound
  kMinInterval,  // the interval begins at the bound or above
  kMaxInterval,  // the interval ends at the bound or below
  kMaxDrop       // the value is worse than the baseline's by at most the bound
};

struct Gate {
  GateKind kind = GateKind::kMin;
  std::string metric;  // "uar", "recall.happy", "stress.white20.uar"
  double bound = 0.0;
};

// "--min uar=0.6", as it was asked for.
std::string to_text(const Gate& gate);

// Reads "uar=0.6". Throws ConfigError (E_GATE) for a text of another form, an unknown metric, a
// kind that does not go with its direction, a bound outside its range, or an interval under a
// stress condition, for which there is none.
Gate parse_gate(GateKind kind, const std::string& text);

// Values of an earlier evaluation, by the names of their metrics.
struct Baseline {
  std::map<std::string, double> values;
  std::int64_t clips = 0;
  std::string protocol;
};

// Reads the JSON that ser-eval wrote. Throws ConfigError: E_FILE_MISSING, E_FILE_READ,
// E_FILE_TOO_LARGE, E_JSON, E_GATE_BASELINE (not such a file).
Baseline read_baseline(const std::filesystem::path& path);

struct GateResult {
  Gate gate;
  enum class Outcome { kPassed, kMissed } outcome = Outcome::kMissed;
  // What was held against the bound: the metric, an end of its interval, or how much worse it got;
  // none where that is not defined, which misses every gate.
  std::optional<double> value;
  std::string statement;  // "uar is 0.5800, at least 0.6 was asked for"
};

// Throws ConfigError: E_GATE if a gate names a class that is not among these, E_GATE_BASELINE if
// one of kMaxDrop finds no baseline, or none of its metric. Needs no score, so that this is known
// before the work.
void require_checkable(const std::vector<Gate>& gates, const std::vector<std::string>& classes,
                       const std::optional<Baseline>& baseline);

// `stressed` has the metrics under each stress condition that was tried, by its name; a gate on
// another is missed. Throws as require_checkable().
std::vector<GateResult> check_gates(const Metrics& metrics, const Intervals& intervals,
                                    const std::optional<Baseline>& baseline,
                                    const std::vector<Gate>& gates,
                                    const std::map<std::string, Metrics>& stressed = {});

// [{"kind", "metric", "bound", "value" or null, "passed", "statement"}].
core::Json to_json(const std::vector<GateResult>& results);

}  // namespace ser::eval
