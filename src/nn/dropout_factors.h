#pragma once

#include "ser/nn/layer.h"

namespace ser::nn {

// Inverted dropout (Srivastava et al., 2014): each number of a column is 0 with a probability of
// `rate` and otherwise 1 / (1 - rate), so that inference is the identity; there all are 1. An
// example draws its column from its own stream.
void draw_dropout_factors(const Pass& pass, double rate, Block factors);

}  // namespace ser::nn
