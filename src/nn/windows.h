#pragma once

#include <algorithm>
#include <string_view>

#include "ser/nn/tensor.h"

namespace ser::nn {

// The windows of a convolution or pooling over time, as Keras and TensorFlow place them. Window i
// covers the padded steps [i * stride, i * stride + size); padded step p is input step p - left.
struct Windows {
  Index count = 0;   // steps of the output
  Index left = 0;    // steps of padding before the input
  Index extent = 0;  // padded steps up to the end of the last window; input behind it is not used

  // Steps of padding behind the input.
  Index right(Index time) const { return std::max<Index>(extent - left - time, 0); }

  // Whether the windows lie within the input, so that no padded copy of it is needed.
  bool within(Index time) const { return left == 0 && extent <= time; }
};

// `padding`: "same": ceil(time / stride) windows, the missing steps shared out with the odd one at
// the end; "causal": as many, with all missing steps before the input, so that a window ends where
// its output stands; "valid": only windows that lie within the input. Throws ConfigError
// (E_NETWORK_SHAPE) where there is none of those.
Windows place_windows(Index time, Index size, Index stride, std::string_view padding);

}  // namespace ser::nn
