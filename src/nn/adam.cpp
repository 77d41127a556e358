#include <cmath>

#include "ser/nn/optimizer.h"

namespace ser::nn {

Adam::Adam(const OptimizerConfig& config, Index num_parameters)
    : Optimizer(config, num_parameters, 2) {}

// Kingma and Ba's remark at the end of their section 2: both corrections go into the step size.
// Epsilon then stands beside the uncorrected root, as in Keras.
void Adam::prepare_step() {
  const auto step = static_cast<double>(steps());
  rate_ = static_cast<Scalar>(learning_rate() * std::sqrt(1.0 - std::pow(config().beta2, step)) /
                              (1.0 - std::pow(config().beta1, step)));
}

void Adam::update(ParameterRange range, Vector& parameters, const Vector& gradient) {
  const auto beta1 = static_cast<Scalar>(config().beta1);
  const auto new1 = static_cast<Scalar>(1.0 - config().beta1);
  const auto beta2 = static_cast<Scalar>(config().beta2);
  const auto new2 = static_cast<Scalar>(1.0 - config().beta2);
  const auto epsilon = static_cast<Scalar>(config().epsilon);
  const auto g = gradient.segment(range.begin, range.size).array();
  auto p = parameters.segment(range.begin, range.size).array();
  auto mean = moment(0).segment(range.begin, range.size).array();
  auto mean_square = moment(1).segment(range.begin, range.size).array();
  mean = beta1 * mean + new1 * g;
  mean_square = beta2 * mean_square + new2 * g.square();
  p = decay() * p - rate_ * mean / (mean_square.sqrt() + epsilon);
}

}  // namespace ser::nn
