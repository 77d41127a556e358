#pragma once

#include <string>
#include <vector>

#include "ser/eval/metrics.h"

namespace ser::eval {

// A least value that a metric has to reach; equality passes.
struct Gate {
  std::string metric;  // "accuracy", "uar", "macro_f1", "recall.happy", "precision.sad", "f1.angry"
  double minimum = 0.0;
};

// Reads "uar=0.6". Throws ConfigError (E_GATE) for a text of another form, an unknown metric name
// or a value outside [0, 1].
Gate parse_gate(const std::string& text);

struct GateResult {
  Gate gate;
  double value = 0.0;
  enum class Outcome { kPassed, kMissed } outcome = Outcome::kMissed;
};

// Throws ConfigError (E_GATE) if a gate names a class that the metrics do not have.
std::vector<GateResult> check_gates(const Metrics& metrics, const std::vector<Gate>& gates);

}  // namespace ser::eval
