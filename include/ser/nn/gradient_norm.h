#pragma once

#include "ser/nn/tensor.h"

namespace ser::nn {

// Scales the gradient so that its Euclidean norm is at most `largest` > 0 (Pascanu et al., 2013).
// Gives the norm that it had; one that is not finite leaves the gradient as it is.
double limit_norm(Vector& gradient, double largest);

}  // namespace ser::nn
