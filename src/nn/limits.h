#pragma once

#include "ser/nn/tensor.h"

namespace ser::nn {

inline constexpr Index kMaxActivation = Index{1} << 26;

// Every dimension is limited before it is multiplied, so that no later product can overflow. Throws
// ConfigError: E_NETWORK_SHAPE where there is no number, E_NETWORK_SIZE beyond kMaxActivation.
void check_activation(const Shape& shape);

}  // namespace ser::nn
