#include "ser/nn/optimizer.h"

#include <cmath>

#include "ser/core/error.h"

#include "nn/parameter_ranges.h"

namespace ser::nn {

Adam::Adam(const AdamConfig& config, Index num_parameters)
    : config_(config),
      learning_rate_(config.learning_rate),
      mean_(Vector::Zero(num_parameters)),
      mean_square_(Vector::Zero(num_parameters)) {
  core::check_config(config, "adam");
}

void Adam::step(Vector& parameters, const Vector& gradient, core::ThreadPool& pool) {
  if (parameters.size() != mean_.size() || gradient.size() != mean_.size()) {
    throw core::ConfigError(
        "E_NETWORK_SHAPE", "the optimizer was made for " + std::to_string(mean_.size()) +
                               " parameters, found " + std::to_string(parameters.size()) + " and " +
                               std::to_string(gradient.size()) + " of their gradient");
  }
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  // Kingma and Ba's remark at the end of their section 2: both corrections go into the step size.
  // Epsilon then stands beside the uncorrected root, as in Keras.
  struct Step {
    Scalar rate, decay, beta1, new1, beta2, new2, epsilon;
    Vector& parameters;
    const Vector& gradient;
    Adam& adam;
  } const step{
      static_cast<Scalar>(learning_rate_ * std::sqrt(1.0 - std::pow(config_.beta2, steps)) /
                          (1.0 - std::pow(config_.beta1, steps))),
      static_cast<Scalar>(1.0 - learning_rate_ * config_.weight_decay),
      static_cast<Scalar>(config_.beta1),
      static_cast<Scalar>(1.0 - config_.beta1),
      static_cast<Scalar>(config_.beta2),
      static_cast<Scalar>(1.0 - config_.beta2),
      static_cast<Scalar>(config_.epsilon),
      parameters,
      gradient,
      *this};
  // Captures one reference, which std::function stores without allocating.
  pool.parallel_for(num_parameter_ranges(mean_.size()), [&step](std::size_t index, int) {
    const ParameterRange range = parameter_range(index, step.gradient.size());
    const auto g = step.gradient.segment(range.begin, range.size).array();
    auto p = step.parameters.segment(range.begin, range.size).array();
    auto mean = step.adam.mean_.segment(range.begin, range.size).array();
    auto mean_square = step.adam.mean_square_.segment(range.begin, range.size).array();
    mean = step.beta1 * mean + step.new1 * g;
    mean_square = step.beta2 * mean_square + step.new2 * g.square();
    p = step.decay * p - step.rate * mean / (mean_square.sqrt() + step.epsilon);
  });
}

}  // namespace ser::nn
