#include "ser/train/discriminant.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "ser/core/error.h"

namespace ser::train {
namespace {

// What is estimated is never less than this: where all examples lie on one line Ledoit and Wolf see
// no noise at all, and nothing could be inverted.
constexpr double kLeastShrinkage = 1e-6;

struct ClassMeans {
  Eigen::MatrixXd means;   // [features x classes]
  Eigen::VectorXd counts;  // [classes]
};

ClassMeans class_means(const Eigen::MatrixXf& values, const std::vector<int>& labels, int classes) {
  ClassMeans result{Eigen::MatrixXd::Zero(values.rows(), classes), Eigen::VectorXd::Zero(classes)};
  for (Eigen::Index i = 0; i < values.cols(); ++i) {
    const int label = labels[static_cast<std::size_t>(i)];
    result.means.col(label) += values.col(i).cast<double>();
    ++result.counts(label);
  }
  for (int c = 0; c < classes; ++c) result.means.col(c) /= std::max(1.0, result.counts(c));
  return result;
}

struct Scatter {
  Eigen::MatrixXd covariance;   // [features x features], the mean of the products
  double fourth_moments = 0.0;  // the sum of the residuals' squared squared lengths
};

// Of the examples about the means of their classes, a block at a time: a copy of them all in double
// would be the largest thing in memory.
Scatter scatter(const Eigen::MatrixXf& values, const std::vector<int>& labels,
                const ClassMeans& classes, const core::StopRequested& stop_requested) {
  constexpr Eigen::Index kBlock = 256;
  Scatter sum{Eigen::MatrixXd::Zero(values.rows(), values.rows())};
  Eigen::MatrixXd residuals(values.rows(), kBlock);
  for (Eigen::Index begin = 0; begin < values.cols(); begin += kBlock) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    const Eigen::Index count = std::min(kBlock, values.cols() - begin);
    for (Eigen::Index i = 0; i < count; ++i) {
      residuals.col(i) = values.col(begin + i).cast<double>() -
                         classes.means.col(labels[static_cast<std::size_t>(begin + i)]);
      sum.fourth_moments += std::pow(residuals.col(i).squaredNorm(), 2);
    }
    sum.covariance.selfadjointView<Eigen::Lower>().rankUpdate(residuals.leftCols(count));
  }
  sum.covariance.triangularView<Eigen::StrictlyUpper>() = sum.covariance.transpose();
  sum.covariance /= static_cast<double>(values.cols());
  return sum;
}

// Ledoit and Wolf (2004), lemmas 3.2 to 3.5; `variance` is the mean of the diagonal.
double estimated_shrinkage(const Scatter& scatter, double variance, double examples) {
  const auto features = static_cast<double>(scatter.covariance.rows());
  const double norm = scatter.covariance.squaredNorm();
  const double distance = norm / features - variance * variance;
  const double noise = (scatter.fourth_moments / examples - norm) / (examples * features);
  // written so that NaN gives a sphere
  if (!(distance > 0.0)) return 1.0;
  return std::clamp(noise / distance, kLeastShrinkage, 1.0);
}

[[noreturn]] void throw_singular(const std::string& what) {
  throw core::ConfigError("E_TRAIN_SINGULAR",
                          "linear discriminant analysis: " + what +
                              "; raise training.discriminant.shrinkage, or leave it to be "
                              "estimated (null)");
}

}  // namespace

LinearDiscriminant fit_discriminant(const Eigen::MatrixXf& values, const std::vector<int>& labels,
                                    int classes, std::span<const float> class_weights,
                                    const DiscriminantConfig& config,
                                    const core::StopRequested& stop_requested) {
  const auto [means, counts] = class_means(values, labels, classes);
  Scatter within = scatter(values, labels, {means, counts}, stop_requested);
  const auto examples = static_cast<double>(values.cols());
  const double variance = within.covariance.diagonal().mean();

  LinearDiscriminant result;
  Eigen::MatrixXd covariance =
      Eigen::MatrixXd::Identity(within.covariance.rows(), within.covariance.cols());
  if (variance > 0.0) {
    result.shrinkage =
        config.shrinkage ? *config.shrinkage : estimated_shrinkage(within, variance, examples);
    // The means were estimated too, which took a degree of freedom a class.
    const double unbiased = examples / std::max(1.0, examples - classes);
    covariance = (covariance * (result.shrinkage * variance) +
                  within.covariance * (1.0 - result.shrinkage)) *
                 unbiased;
  }
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  constexpr double kLeastCondition = 1e-12;
  if (factor.info() != Eigen::Success || !(factor.rcond() >= kLeastCondition)) {
    throw_singular(
        "the covariance of the features cannot be inverted, since some are constant or "
        "follow from others, or there are too few clips");
  }
  result.weights = factor.solve(means).transpose();
  result.bias.resize(classes);
  const auto weight_of = [&](int c) {
    return class_weights.empty() ? 1.0 : class_weights[static_cast<std::size_t>(c)];
  };
  for (int c = 0; c < classes; ++c) {
    // The sum of the priors is shared by all classes.
    result.bias(c) =
        std::log(counts(c) * weight_of(c)) - 0.5 * result.weights.row(c).dot(means.col(c));
  }
  // What all classes share says nothing, and costs digits.
  result.weights.rowwise() -= result.weights.colwise().mean().eval();
  result.bias.array() -= result.bias.mean();
  constexpr double kLargest = std::numeric_limits<float>::max();
  const auto fits = [](const auto& numbers) {
    return numbers.allFinite() && numbers.cwiseAbs().maxCoeff() <= kLargest;
  };
  if (!fits(result.weights) || !fits(result.bias)) {
    throw_singular("the scores are too large for float");
  }
  return result;
}

}  // namespace ser::train
