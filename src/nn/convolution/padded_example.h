#pragma once

#include "ser/nn/tensor.h"

#include "nn/windows.h"

namespace ser::nn {

// The example with the zeros that its windows reach: in `buffer` [windows.extent * channels], or
// where it stands if no window leaves it.
const Scalar* pad_example(const Shape& input, const Windows& windows, const Scalar* x,
                          Scalar* buffer);

}  // namespace ser::nn
