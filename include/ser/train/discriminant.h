#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "ser/core/config.h"
#include "ser/core/interrupted.h"

namespace ser::train {

struct DiscriminantConfig {
  std::optional<double> shrinkage;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("shrinkage", self.shrinkage,
          "share of the covariance that is replaced by a sphere of the same variance; null: "
          "estimated by Ledoit and Wolf",
          core::Range{0.0, 1.0});
  }
};

// Scores of the classes: weights * x + bias.
struct LinearDiscriminant {
  Eigen::MatrixXd weights;  // [classes x features]
  Eigen::VectorXd bias;     // [classes]
  double shrinkage = 0.0;   // that was used
};

// Linear discriminant analysis (Hastie, Tibshirani and Friedman, The Elements of Statistical
// Learning, 2nd edition, section 4.3). Each class is taken for a normal distribution with a mean of
// its own and the covariance S of all examples about the means of their classes; the scores are the
// logarithms of the posterior probabilities up to a number that all classes share. S is shrunk to
// (1 - a) S + a trace(S) / features * I, with the a by Ledoit and Wolf (A well-conditioned
// estimator for large-dimensional covariance matrices, 2004, section 3) unless the configuration
// names one; where no example differs from the mean of its class, S is I.
//
// `values` [features x examples]: finite, and of comparable spread in every feature. `labels`: the
// class of each, from 0. `class_weights`: how much an example of each class counts in the prior
// probabilities; empty: all alike. Every class of `classes` needs an example. Throws ConfigError
// (E_TRAIN_SINGULAR) where S cannot be inverted or the scores cannot be told in float, Interrupted.
LinearDiscriminant fit_discriminant(const Eigen::MatrixXf& values, const std::vector<int>& labels,
                                    int classes, std::span<const float> class_weights,
                                    const DiscriminantConfig& config,
                                    const core::StopRequested& stop_requested = {});

}  // namespace ser::train
