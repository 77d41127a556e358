#pragma once

#include <span>

#include <Eigen/Core>

namespace ser::dataset {

// Gives every feature mean 0 and standard deviation 1 on the examples that it was fitted to: the
// training part, never another. A feature that was constant there is only centred. An example is a
// column of features, or of several steps of them one behind the other; `lengths` are the steps of
// each column, of which the rest is left as it is. Empty: all are full.
class Normalizer {
 public:
  static constexpr float kFarthest = 1e4F;

  Normalizer() = default;
  // Both [features], finite, scale > 0; throws ModelError (E_MODEL_NORMALIZER).
  Normalizer(Eigen::VectorXf mean, Eigen::VectorXf scale);

  // values: [features x examples], at least one column.
  static Normalizer fit(const Eigen::MatrixXf& values);
  // values: [features * steps x examples], at least one column.
  static Normalizer fit(const Eigen::MatrixXf& values, Eigen::Index features,
                        std::span<const Eigen::Index> lengths);

  // In place. Values further than kFarthest standard deviations out are brought back to there, so
  // that what follows stays finite whatever the recording holds.
  void apply(Eigen::Ref<Eigen::MatrixXf> values, std::span<const Eigen::Index> lengths = {}) const;

  // In place, where something else does the rest of apply(): only brings back what is that far out.
  void limit(Eigen::Ref<Eigen::MatrixXf> values) const;

  const Eigen::VectorXf& mean() const { return mean_; }
  const Eigen::VectorXf& scale() const { return scale_; }  // standard deviations

 private:
  Eigen::VectorXf mean_;
  Eigen::VectorXf scale_;
};

}  // namespace ser::dataset
