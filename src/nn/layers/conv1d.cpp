#include "ser/core/error.h"

#include "nn/convolution/convolution_layer.h"

namespace ser::nn {
namespace {

struct Conv1DConfig : ConvolutionWindowConfig {
  static constexpr const char* kKind = "conv1d";
  int channels = 64;
  int groups = 1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("channels", self.channels, "channels of the output", core::Range{1, 65536});
    visit("groups", self.groups,
          "parts into which the channels of input and output are cut; a part of the output sees "
          "the same part of the input only",
          core::Range{1, 65536});
    ConvolutionWindowConfig::fields(self, visit);
  }

  void check(const std::string& path) const {
    if (channels % groups == 0) return;
    throw core::ConfigError("E_CONFIG_VALUE",
                            path + ".groups: must divide \"channels\", which is " +
                                std::to_string(channels) + "; found " + std::to_string(groups));
  }

  Index output_channels(const Shape& /*input*/) const { return channels; }

  Index num_groups(const Shape& input) const {
    if (input.channels % groups == 0) return groups;
    throw core::ConfigError(
        "E_NETWORK_SHAPE", "\"groups\" must divide the channels of the input, of which there are " +
                               std::to_string(input.channels) + "; found " +
                               std::to_string(groups));
  }
};

using Conv1D = ConvolutionLayer<Conv1DConfig>;

}  // namespace

ConvolutionShape conv1d_shape(const Layer& conv1d, const Shape& input) {
  return dynamic_cast<const Conv1D&>(conv1d).shape_of(input);
}

LayerType conv1d_layer() {
  return core::configured_part_type<Conv1D>(R"([{"channels": 3, "kernel": 1},
      {"channels": 4, "kernel": 4, "stride": 2, "bias": false},
      {"channels": 2, "kernel": 2, "stride": 3},
      {"channels": 5, "kernel": 3, "padding": "valid"},
      {"channels": 3, "kernel": 3, "stride": 2, "padding": "valid"},
      {"channels": 3, "kernel": 3, "dilation": 4},
      {"channels": 4, "kernel": 2, "dilation": 3, "stride": 2, "padding": "causal"},
      {"channels": 18, "kernel": 3, "dilation": 2, "padding": "valid", "bias": false},
      {"channels": 3, "kernel": 4, "padding": "causal"},
      {"channels": 20, "kernel": 5, "padding": "causal"},
      {"channels": 20, "kernel": 5, "dilation": 3},
      {"channels": 24, "kernel": 9}, {"channels": 20, "kernel": 5},
      {"channels": 33, "kernel": 5, "padding": "valid", "bias": false},
      {"channels": 4, "groups": 2, "kernel": 3, "stride": 2},
      {"channels": 5, "groups": 5, "padding": "causal", "bias": false},
      {"channels": 6, "groups": 3, "kernel": 2, "dilation": 2, "padding": "valid"},
      {"channels": 36, "groups": 12, "kernel": 1},
      {"channels": 140, "groups": 7, "dilation": 2},
      {"channels": 70, "groups": 35, "kernel": 5, "bias": false}])");
}

}  // namespace ser::nn
