#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include <Eigen/Core>

#include "ser/core/json.h"
#include "ser/eval/metrics.h"

namespace ser::eval {

// The temperature T by which logits are divided before the softmax (Guo et al., 2017), fitted to
// the log loss of clips that were not trained on: logits [classes x clips], and their labels. Clips
// that are all labelled right would ask for certainty, and a handful for anything. So ln T has a
// prior, normal about 0 with deviation ln 2, and T is the most probable: what it asks for is lost
// in the sum over clips where these have something to say. Clips that say the same as each other
// are told to count as `worth` independent ones, if they are more. From 1 / kMostTemperature to
// kMostTemperature; 1 of no clips. Throws ConfigError (E_METRICS_INPUT) if sizes or labels do not
// fit, or a logit is not finite.
double fit_temperature(const Eigen::MatrixXf& logits, std::span<const int> labels,
                       double worth = std::numeric_limits<double>::infinity());

inline constexpr double kMostTemperature = 100.0;

// What a temperature was fitted on, and the calibration error without it; with it, it is that of
// the metrics.
struct Calibration {
  double temperature = 1.0;
  std::size_t clips = 0;           // of the validation part; 0: it was not fitted
  std::size_t altered_copies = 0;  // of these, if it was fitted to copies by altered voices
  std::optional<double> validation_ece_before;
  std::optional<double> test_ece_before;
};

// {"temperature", "clips", "altered_copies", "validation_ece_before", "test_ece_before"}, null
// where there is none.
core::Json to_json(const Calibration& calibration);

}  // namespace ser::eval
