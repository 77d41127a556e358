#include "ser/nn/prepared_parameters.h"

#include <string>

#include "ser/core/error.h"

namespace ser::nn {

PreparedParameters::PreparedParameters(const Network& network, Mode mode)
    : network_(network), mode_(mode), values_(network.size()) {
  for (const auto& step : network.steps(mode)) {
    values_[step.first].resize(step.layer->prepared_size(step.input, mode));
  }
}

PreparedParameters::PreparedParameters(const Network& network, const Vector& parameters)
    : PreparedParameters(network, Mode::kInference) {
  check(parameters);
  for (std::size_t step = 0; step < network.steps(mode_).size(); ++step) {
    prepare_step(parameters, step);
  }
}

void PreparedParameters::update(const Vector& parameters, core::ThreadPool& pool) {
  check(parameters);
  pool.parallel_for(network_.steps(mode_).size(),
                    [this, &parameters](std::size_t step, int) { prepare_step(parameters, step); });
}

void PreparedParameters::check(const Vector& parameters) const {
  if (parameters.size() == network_.num_parameters()) return;
  throw core::ConfigError("E_NETWORK_SHAPE",
                          "the network has " + std::to_string(network_.num_parameters()) +
                              " parameters, found " + std::to_string(parameters.size()));
}

void PreparedParameters::prepare_step(const Vector& parameters, std::size_t index) {
  const auto& step = network_.steps(mode_)[index];
  Vector& values = values_[step.first];
  step.layer->prepare(step.input, network_.step_parameters(step, parameters), mode_,
                      {values.data(), static_cast<std::size_t>(values.size())});
}

std::span<const Scalar> PreparedParameters::of_layer(std::size_t first) const {
  return {values_[first].data(), static_cast<std::size_t>(values_[first].size())};
}

}  // namespace ser::nn
