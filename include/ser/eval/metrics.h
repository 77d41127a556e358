#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/core/json.h"

namespace ser::eval {

// Counts [true class x predicted class].
using ConfusionMatrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

// Its square of counts takes 128 MiB.
inline constexpr int kMaxClasses = 4096;

// Throws ConfigError (E_METRICS_INPUT) if the lengths differ, there are more than kMaxClasses, or a
// label is outside [0, class_count).
ConfusionMatrix confusion_matrix(std::span<const int> truth, std::span<const int> predicted,
                                 int class_count);

struct ClassMetrics {
  std::string name;
  double precision = 0.0;      // TP / (TP + FP); 0 if the class was never predicted
  double recall = 0.0;         // TP / (TP + FN); 0 if the class has no clip
  double f1 = 0.0;             // harmonic mean of the two, 2 TP / (2 TP + FP + FN); 0 if both are
  std::int64_t support = 0;    // TP + FN: clips that are of the class
  std::int64_t predicted = 0;  // TP + FP: clips that were labelled so
};

// What only probabilities tell. N clips; p_ik is the probability of class k for clip i, y_i its
// true class, c_i = max_k p_ik its confidence.
struct ProbabilityMetrics {
  // -1/N sum_i ln p_i,y_i, in nats; a probability below 1e-15 counts as that.
  double log_loss = 0.0;
  // 1/N sum_i sum_k (p_ik - [k = y_i])^2, from 0 to 2 (Brier, 1950).
  double brier = 0.0;
  // Expected calibration error (Naeini et al., 2015; Guo et al., 2017): clips fall into 15 bins
  // of equal width by their confidence, (b/15, (b+1)/15]; sum_b n_b/N |accuracy_b - mean
  // confidence_b|.
  double ece = 0.0;
  // Area under risk against coverage (Geifman and El-Yaniv, 2017): 1/N sum_n r_n, r_n the share of
  // errors among the n clips of highest confidence. Errors of clips of equal confidence are spread
  // evenly over them.
  double aurc = 0.0;
};

// A recogniser that abstains where its confidence is below a threshold.
struct Answered {
  double threshold = 0.0;
  std::int64_t clips = 0;          // that it answered
  double coverage = 0.0;           // their share of all clips
  std::optional<double> accuracy;  // of them; none if it answered none
  std::optional<double> uar;       // likewise
};

// Of no clip at all every number is 0.
struct Metrics {
  std::vector<std::string> classes;
  ConfusionMatrix confusion;
  std::int64_t clips = 0;
  double accuracy = 0.0;  // share of clips labelled right ("WA" in some papers)
  double uar = 0.0;  // unweighted average recall: mean of recall over the classes that have clips
  double macro_f1 = 0.0;     // mean of F1 over the classes that have clips or were predicted
  double weighted_f1 = 0.0;  // mean of F1 over clips: sum over classes of support / clips * F1
  std::vector<ClassMetrics> per_class;
  std::optional<ProbabilityMetrics> of_probabilities;  // where they are known and there are clips
  std::optional<Answered> answered;                    // where a threshold was asked for
  // Under a stress condition (eval/stress.h): the share of clips labelled as without it, right or
  // wrong.
  std::optional<double> unchanged;
};

Metrics compute_metrics(const ConfusionMatrix& confusion, const std::vector<std::string>& classes);

// {"clips", "accuracy", "uar", "macro_f1", "weighted_f1", "log_loss", "brier", "ece", "aurc",
// "answered": {...}, "per_class": [...], "confusion": {"classes", "counts"}}; from "log_loss" to
// "answered" only where they are known.
core::Json to_json(const Metrics& metrics);

}  // namespace ser::eval
