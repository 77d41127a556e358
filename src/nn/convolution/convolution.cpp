#include "nn/convolution/convolution.h"

#include <array>

namespace ser::nn {

std::span<const ConvolutionFormulation* const> convolution_formulations() {
  static const std::array formulations = {&single_channel_convolution(), &winograd_convolution(),
                                          &direct_convolution()};
  return formulations;
}

const ConvolutionFormulation& choose_formulation(const ConvolutionShape& shape) {
  for (const ConvolutionFormulation* formulation : convolution_formulations()) {
    if (formulation->suits(shape)) return *formulation;
  }
  return direct_convolution();
}

}  // namespace ser::nn
