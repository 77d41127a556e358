#include "ser/dataset/normalizer.h"

#include <cmath>

#include "ser/core/error.h"

namespace ser::dataset {
namespace {

// Calls body(step) with each step, [features], of each column.
template <class Values, class Body>
void for_steps(Values& values, Eigen::Index features, std::span<const Eigen::Index> lengths,
               const Body& body) {
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    const Eigen::Index steps =
        lengths.empty() ? values.rows() / features : lengths[static_cast<std::size_t>(c)];
    for (Eigen::Index step = 0; step < steps; ++step) {
      body(values.col(c).segment(step * features, features));
    }
  }
}

}  // namespace

Normalizer::Normalizer(Eigen::VectorXf mean, Eigen::VectorXf scale)
    : mean_(std::move(mean)), scale_(std::move(scale)) {
  if (mean_.size() != scale_.size() || !mean_.allFinite() || !scale_.allFinite() ||
      (scale_.array() <= 0.0F).any()) {
    throw core::ModelError("E_MODEL_NORMALIZER",
                           "the normaliser needs finite means and positive, finite scales");
  }
}

Normalizer Normalizer::fit(const Eigen::MatrixXf& values) { return fit(values, values.rows(), {}); }

Normalizer Normalizer::fit(const Eigen::MatrixXf& values, Eigen::Index features,
                           std::span<const Eigen::Index> lengths) {
  const Eigen::Index rows = features;
  double count = 0.0;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(rows);
  for_steps(values, rows, lengths, [&](const auto& step) {
    mean += step.template cast<double>();
    ++count;
  });
  mean /= count;
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(rows);
  for_steps(values, rows, lengths, [&](const auto& step) {
    squares += (step.template cast<double>() - mean).cwiseAbs2();
  });
  Eigen::VectorXf scale(rows);
  for (Eigen::Index r = 0; r < rows; ++r) {
    const double deviation = std::sqrt(squares(r) / count);
    // Rounding leaves a constant feature a deviation of this order; dividing by it would blow up
    // noise.
    const bool constant = deviation <= 1e-6 * std::abs(mean(r)) || deviation < 1e-30;
    scale(r) = constant ? 1.0F : static_cast<float>(deviation);
  }
  return {mean.cast<float>(), scale};
}

void Normalizer::apply(Eigen::Ref<Eigen::MatrixXf> values,
                       std::span<const Eigen::Index> lengths) const {
  for_steps(values, mean_.size(), lengths, [&](auto step) {
    step = ((step - mean_).array() / scale_.array()).max(-kFarthest).min(kFarthest).matrix();
  });
}

void Normalizer::limit(Eigen::Ref<Eigen::MatrixXf> values) const {
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    values.col(c) =
        values.col(c).cwiseMax(mean_ - kFarthest * scale_).cwiseMin(mean_ + kFarthest * scale_);
  }
}

}  // namespace ser::dataset
