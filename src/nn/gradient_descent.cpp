#include "ser/nn/optimizer.h"

namespace ser::nn {

GradientDescent::GradientDescent(const OptimizerConfig& config, Index num_parameters)
    : Optimizer(config, num_parameters, 1) {}

void GradientDescent::update(ParameterRange range, Vector& parameters, const Vector& gradient) {
  auto velocity = moment(0).segment(range.begin, range.size);
  auto p = parameters.segment(range.begin, range.size);
  velocity =
      static_cast<Scalar>(config().momentum) * velocity + gradient.segment(range.begin, range.size);
  p = decay() * p - static_cast<Scalar>(learning_rate()) * velocity;
}

}  // namespace ser::nn
