#include "nn/convolution/convolution.h"

#include <array>

namespace ser::nn {

ConvolutionShape ConvolutionShape::of_example(std::span<const Index> lengths, Index example) const {
  if (lengths.empty()) return *this;
  return {{input.channels, lengths[static_cast<std::size_t>(example)]},
          channels,
          kernel,
          stride,
          dilation,
          padding,
          groups};
}

std::span<const ConvolutionFormulation* const> convolution_formulations() {
  static const std::array formulations = {&single_channel_convolution(), &winograd_convolution(),
                                          &direct_convolution()};
  return formulations;
}

const ConvolutionFormulation& choose_formulation(const ConvolutionShape& shape) {
  if (shape.groups > 1) {
    return depthwise_convolution().suits(shape) ? depthwise_convolution() : grouped_convolution();
  }
  for (const ConvolutionFormulation* formulation : convolution_formulations()) {
    if (formulation->suits(shape)) return *formulation;
  }
  return direct_convolution();
}

}  // namespace ser::nn
