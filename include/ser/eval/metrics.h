#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/core/json.h"

namespace ser::eval {

// Counts [true class x predicted class].
using ConfusionMatrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

// Throws ConfigError (E_METRICS_INPUT) if the lengths differ or a label is outside [0,
// class_count).
ConfusionMatrix confusion_matrix(std::span<const int> truth, std::span<const int> predicted,
                                 int class_count);

struct ClassMetrics {
  std::string name;
  double precision = 0.0;  // TP / (TP + FP); 0 if the class was never predicted
  double recall = 0.0;     // TP / (TP + FN); 0 if the class has no clip
  double f1 = 0.0;         // harmonic mean of the two; 0 if both are
  std::int64_t support = 0;
};

struct Metrics {
  std::vector<std::string> classes;
  ConfusionMatrix confusion;
  std::int64_t clips = 0;
  double accuracy = 0.0;  // share of clips labelled right ("WA" in some papers)
  double uar = 0.0;  // unweighted average recall: mean of recall over the classes that have clips
  double macro_f1 = 0.0;  // mean of F1 over the classes that have clips or were predicted
  std::vector<ClassMetrics> per_class;
};

Metrics compute_metrics(const ConfusionMatrix& confusion, const std::vector<std::string>& classes);

// {"clips", "accuracy", "uar", "macro_f1", "per_class": [...], "confusion": {"classes", "counts"}}.
core::Json to_json(const Metrics& metrics);

}  // namespace ser::eval
