#pragma once

#include "nn/channel_block.h"
#include "nn/convolution/convolution.h"

namespace ser::nn {

// Parts of a convolution with one channel in, for sixteen channels of the output or `count` of
// them.
namespace single_channel {

inline constexpr int kKernel = 5;

inline bool suits(const ConvolutionShape& shape) {
  return shape.input.channels == 1 && shape.kernel == kKernel && shape.dilation == 1 &&
         shape.groups == 1 && shape.channels >= kBlockChannels;
}

// Their weights, or the sums of what these change by. `first`: the first channel's in memory.
struct Filter {
  ChannelBlock steps[kKernel];  // NOLINT: as in ChannelBlock

  static Filter load(const Scalar* first, Index channels, Index count) {
    Filter filter;
    for (int k = 0; k < kKernel; ++k) {
      filter.steps[k] = ChannelBlock::load(first + k * channels, count);
    }
    return filter;
  }
  void store(Scalar* first, Index channels, Index count) const {
    for (int k = 0; k < kKernel; ++k) steps[k].store(first + k * channels, count);
  }
};

// The output at step t of a padded example.
inline ChannelBlock convolve(const ConvolutionShape& shape, const Scalar* padded, Index t,
                             const Filter& filter, const ChannelBlock& bias) {
  const Scalar* window = padded + t * shape.stride;
  ChannelBlock sum = bias;
  for (int k = 0; k < kKernel; ++k) sum = sum + window[k] * filter.steps[k];
  return sum;
}

// Adds what the derivative of the output at step t gives the weights.
inline void add_derivative(const ConvolutionShape& shape, const Scalar* padded, Index t,
                           const ChannelBlock& derivative, Filter& sums) {
  const Scalar* window = padded + t * shape.stride;
  for (int k = 0; k < kKernel; ++k) sums.steps[k] = sums.steps[k] + window[k] * derivative;
}

}  // namespace single_channel
}  // namespace ser::nn
