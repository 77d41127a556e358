#include "nn/convolution/convolution_layer.h"

namespace ser::nn {
namespace {

// Each channel has a filter of its own: a convolution with as many groups as channels.
struct DepthwiseConv1DConfig : ConvolutionWindowConfig {
  static constexpr const char* kKind = "depthwise_conv1d";

  Index output_channels(const Shape& input) const { return input.channels; }
  Index num_groups(const Shape& input) const { return input.channels; }
};

using DepthwiseConv1D = ConvolutionLayer<DepthwiseConv1DConfig>;

}  // namespace

LayerType depthwise_conv1d_layer() {
  return core::configured_part_type<DepthwiseConv1D>(R"([{"kernel": 3, "stride": 2, "bias": false},
      {"kernel": 3, "dilation": 4}, {"kernel": 4, "padding": "causal", "dilation": 2},
      {"kernel": 2, "padding": "valid", "stride": 3}, {"kernel": 9}])");
}

}  // namespace ser::nn
