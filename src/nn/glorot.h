#pragma once

#include "ser/core/random.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

// Uniform in +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010), which keeps the variance of
// activations and of gradients alike from layer to layer.
void initialize_glorot_uniform(Index fan_in, Index fan_out, Parameters weights,
                               core::RandomStream random);

}  // namespace ser::nn
