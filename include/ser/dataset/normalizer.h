#pragma once

#include <Eigen/Core>

namespace ser::dataset {

// Gives every feature mean 0 and standard deviation 1 on the examples that it was fitted to: the
// training part, never another. A feature that was constant there is only centred.
class Normalizer {
 public:
  static constexpr float kFarthest = 1e4F;

  Normalizer() = default;
  // Both [features], finite, scale > 0; throws ModelError (E_MODEL_NORMALIZER).
  Normalizer(Eigen::VectorXf mean, Eigen::VectorXf scale);

  // values: [features x examples], at least one column.
  static Normalizer fit(const Eigen::MatrixXf& values);

  // In place. Values further than kFarthest standard deviations out are brought back to there, so
  // that what follows stays finite whatever the recording holds.
  void apply(Eigen::Ref<Eigen::MatrixXf> values) const;

  // In place, where something else does the rest of apply(): only brings back what is that far out.
  void limit(Eigen::Ref<Eigen::MatrixXf> values) const;

  const Eigen::VectorXf& mean() const { return mean_; }
  const Eigen::VectorXf& scale() const { return scale_; }  // standard deviations

 private:
  Eigen::VectorXf mean_;
  Eigen::VectorXf scale_;
};

}  // namespace ser::dataset
