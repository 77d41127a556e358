#include <algorithm>

#include "nn/configured_layer.h"
#include "nn/convolution/window_config.h"
#include "nn/glorot.h"
#include "nn/step_sums.h"

namespace ser::nn {
namespace {

struct DepthwiseConv1DConfig : ConvolutionWindowConfig {
  static constexpr const char* kKind = "depthwise_conv1d";
};

// Cross-correlation over time of each channel with a filter of its own. Parameters: the filters
// [channels x kernel], column-major, then the biases [channels].
class DepthwiseConv1D : public ConfiguredLayer<DepthwiseConv1DConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    return {input.channels, config().windows(input.time).count};
  }

  Index num_parameters(const Shape& input) const override {
    return (config().kernel + (config().bias ? 1 : 0)) * input.channels;
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    const Index weights = config().kernel * input.channels;
    initialize_glorot_uniform(config().kernel, config().kernel,
                              Parameters(parameters.data(), weights), random);
    parameters.tail(parameters.size() - weights).setZero();
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const Index channels = pass.input.channels;
    for (Index example = 0; example < x.cols(); ++example) {
      const Scalar* from = x.col(example).data();
      Scalar* to = y.col(example).data();
      for_windows(pass.length(example), [&](Index output, Index first, const Taps& taps) {
        for_channel_blocks(channels, [&](Index channel, Index count) {
          ChannelBlock sum = ChannelBlock::zero();
          if (config().bias) {
            sum =
                ChannelBlock::load(parameters.data() + config().kernel * channels + channel, count);
          }
          for (Index k = taps.begin; k < taps.end; ++k) {
            const Index step = first + k * config().dilation;
            sum = sum + ChannelBlock::load(parameters.data() + k * channels + channel, count) *
                            ChannelBlock::load(from + step * channels + channel, count);
          }
          sum.store(to + output * channels + channel, count);
        });
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    const Index channels = pass.input.channels;
    const Scalar* weights = arguments.parameters.data();
    Parameters all = arguments.parameter_gradient;
    Scalar* gradient = all.data();
    Block dx = arguments.dx;
    dx.setZero();
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Scalar* x = arguments.x.col(example).data();
      const Scalar* dy = arguments.dy.col(example).data();
      Scalar* to = dx.cols() > 0 ? dx.col(example).data() : nullptr;
      for_windows(pass.length(example), [&](Index output, Index first, const Taps& taps) {
        for_channel_blocks(channels, [&](Index channel, Index count) {
          const auto derivative = ChannelBlock::load(dy + output * channels + channel, count);
          if (config().bias) {
            add_to(gradient + config().kernel * channels + channel, count, derivative);
          }
          for (Index k = taps.begin; k < taps.end; ++k) {
            const Index input = (first + k * config().dilation) * channels + channel;
            const Index weight = k * channels + channel;
            add_to(gradient + weight, count, derivative * ChannelBlock::load(x + input, count));
            if (to == nullptr) continue;
            add_to(to + input, count, derivative * ChannelBlock::load(weights + weight, count));
          }
        });
      });
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index channels = input.channels;
    const Index kernel = config().kernel;
    std::vector<GraphValue> inputs = {
        graph.as_steps(x), graph.parameter("weight", {channels, 1, kernel}, parameters.data(),
                                           {1, channels, channels})};
    if (config().bias) {
      inputs.push_back(graph.parameter("bias", {channels}, parameters.data() + kernel * channels));
    }
    return graph.node("Conv", inputs, config().graph_attributes(input.time, channels));
  }

 private:
  // The numbers of a window that lie within the input.
  struct Taps {
    Index begin;
    Index end;
  };

  // Calls body(step of the output, step of the input under the window's first number, taps).
  template <class Body>
  void for_windows(Index time, const Body& body) const {
    const Windows placed = config().windows(time);
    const Index dilation = config().dilation;
    for (Index output = 0; output < placed.count; ++output) {
      const Index first = output * config().stride - placed.left;
      const Index begin = first < 0 ? (-first + dilation - 1) / dilation : 0;
      const Index end = std::min<Index>(config().kernel, (time - first + dilation - 1) / dilation);
      body(output, first, Taps{begin, end});
    }
  }
};

}  // namespace

LayerType depthwise_conv1d_layer() {
  return core::configured_part_type<DepthwiseConv1D>(R"([{"kernel": 3, "stride": 2, "bias": false},
      {"kernel": 3, "dilation": 4}, {"kernel": 4, "padding": "causal", "dilation": 2},
      {"kernel": 2, "padding": "valid", "stride": 3}, {"kernel": 9}])");
}

}  // namespace ser::nn
