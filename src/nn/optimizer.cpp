#include "ser/nn/optimizer.h"

#include <string>

#include "ser/core/error.h"

#include "nn/parameter_ranges.h"

namespace ser::nn {

Optimizer::Optimizer(const OptimizerConfig& config, Index num_parameters, std::size_t moments)
    : config_(config),
      num_parameters_(num_parameters),
      learning_rate_(config.learning_rate),
      moments_(moments, Vector::Zero(num_parameters)) {
  core::check_config(config_, "optimizer");
}

Scalar Optimizer::decay() const {
  return static_cast<Scalar>(1.0 - learning_rate_ * config_.weight_decay);
}

void Optimizer::step(Vector& parameters, const Vector& gradient, core::ThreadPool& pool) {
  if (parameters.size() != num_parameters_ || gradient.size() != num_parameters_) {
    throw core::ConfigError(
        "E_NETWORK_SHAPE", "the optimizer was made for " + std::to_string(num_parameters_) +
                               " parameters, found " + std::to_string(parameters.size()) + " and " +
                               std::to_string(gradient.size()) + " of their gradient");
  }
  ++steps_;
  prepare_step();
  struct Step {
    Optimizer& optimizer;
    Vector& parameters;
    const Vector& gradient;
  } const step{*this, parameters, gradient};
  // Captures one reference, which std::function stores without allocating.
  pool.parallel_for(num_parameter_ranges(num_parameters_), [&step](std::size_t index, int) {
    step.optimizer.update(parameter_range(index, step.gradient.size()), step.parameters,
                          step.gradient);
  });
}

Optimizer::State Optimizer::state() const { return {learning_rate_, steps_, moments_}; }

void Optimizer::restore(const State& state) {
  bool fits = state.steps >= 0 && state.moments.size() == moments_.size();
  for (const auto& moment : state.moments) fits = fits && moment.size() == num_parameters_;
  if (!fits) {
    throw core::ConfigError("E_NETWORK_SHAPE",
                            "the state is not that of an optimizer of this kind and size");
  }
  learning_rate_ = state.learning_rate;
  steps_ = state.steps;
  moments_ = state.moments;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerConfig& config, Index num_parameters) {
  if (config.kind == "sgd") return std::make_unique<GradientDescent>(config, num_parameters);
  return std::make_unique<Adam>(config, num_parameters);
}

}  // namespace ser::nn
