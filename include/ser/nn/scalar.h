#pragma once

#include <cstddef>

namespace ser::nn {

// The module is compiled a second time with SER_NN_SCALAR=double for the gradient checks: float
// gives relative errors of 1e-2 there, double 1e-9.
#ifndef SER_NN_SCALAR
#define SER_NN_SCALAR float
#endif
using Scalar = SER_NN_SCALAR;
using Index = std::ptrdiff_t;

}  // namespace ser::nn
