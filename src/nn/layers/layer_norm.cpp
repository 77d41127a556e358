#include <cmath>

#include "nn/channel_block.h"
#include "nn/configured_layer.h"
#include "nn/graph_deviation.h"

namespace ser::nn {
namespace {

struct LayerNormConfig {
  static constexpr const char* kKind = "layer_norm";
  double epsilon = 1e-5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("epsilon", self.epsilon, "added to the variance before its root is taken",
          core::Range{1e-8, 1.0});
  }
};

// Layer normalisation (Ba et al., 2016) of each step over its channels, y = gain (x - mean) /
// sqrt(variance + epsilon) + shift. Parameters: gain, shift, [channels] each. The scratch holds
// mean and inverse deviation of each step.
class LayerNorm : public ConfiguredLayer<LayerNormConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return input; }

  Index num_parameters(const Shape& input) const override { return 2 * input.channels; }

  Index scratch_size(const Shape& input, Index examples) const override {
    return 2 * input.time * examples;
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream /*random*/) const override {
    parameters.setZero();
    parameters.head(input.channels).setOnes();
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    const Scalar* gain = parameters.data();
    const Scalar* shift = gain + channels;
    for (Index example = 0; example < x.cols(); ++example) {
      for (Index step = 0; step < pass.length(example); ++step) {
        const Scalar* from = x.col(example).data() + step * channels;
        Scalar* to = y.col(example).data() + step * channels;
        const Moments moments = measure(from, channels);
        Scalar* kept = place_of(pass, example, step, scratch);
        kept[0] = moments.mean;
        kept[1] = moments.inverse_deviation;
        for_channel_blocks(channels, [&](Index channel, Index count) {
          (ChannelBlock::load(gain + channel, count) * normalized(from + channel, count, moments) +
           ChannelBlock::load(shift + channel, count))
              .store(to + channel, count);
        });
      }
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    const Scalar* gain = arguments.parameters.data();
    Parameters gradient = arguments.parameter_gradient;
    gradient.setZero();
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      for (Index step = 0; step < pass.length(example); ++step) {
        const Scalar* kept = place_of(pass, example, step, scratch);
        const Moments moments = {kept[0], kept[1]};
        const Scalar* x = arguments.x.col(example).data() + step * channels;
        const Scalar* dy = arguments.dy.col(example).data() + step * channels;
        ChannelBlock sums = ChannelBlock::zero();
        ChannelBlock products = ChannelBlock::zero();
        for_channel_blocks(channels, [&](Index channel, Index count) {
          const ChannelBlock derivative = ChannelBlock::load(dy + channel, count);
          const ChannelBlock values = normalized(x + channel, count, moments);
          add_to(gradient.data() + channel, count, derivative * values);
          add_to(gradient.data() + channels + channel, count, derivative);
          const ChannelBlock scaled = derivative * ChannelBlock::load(gain + channel, count);
          sums = sums + scaled;
          products = products + scaled * values;
        });
        if (dx.cols() == 0) continue;
        const Scalar share = Scalar{1} / static_cast<Scalar>(channels);
        const auto mean = ChannelBlock::filled_with(share * sum(sums));
        const Scalar slope = share * sum(products);
        Scalar* to = dx.col(example).data() + step * channels;
        for_channel_blocks(channels, [&](Index channel, Index count) {
          (moments.inverse_deviation *
           (ChannelBlock::load(dy + channel, count) * ChannelBlock::load(gain + channel, count) -
            mean - slope * normalized(x + channel, count, moments)))
              .store(to + channel, count);
        });
      }
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    // The operator of this name is younger than the operator set.
    const std::vector<GraphAttribute> over_channels = {{"axes", std::vector<std::int64_t>{1}}};
    const GraphValue gain = graph.parameter("weight", {input.channels}, parameters.data());
    const GraphValue shift =
        graph.parameter("bias", {input.channels}, parameters.data() + input.channels);
    const GraphValue deviation =
        graph.node("Sub", {x, graph.node("ReduceMean", {x}, over_channels)});
    const GraphValue variance =
        graph.node("ReduceMean", {graph.node("Mul", {deviation, deviation})}, over_channels);
    const GraphValue root = add_deviation(variance, config().epsilon, graph);
    const GraphValue scaled =
        graph.node("Mul", {graph.node("Div", {deviation, root}), graph.per_channel(gain, x)});
    return graph.node("Add", {scaled, graph.per_channel(shift, x)});
  }

 private:
  struct Moments {
    Scalar mean;
    Scalar inverse_deviation;
  };

  // Where the moments of a step are kept.
  static Scalar* place_of(const Pass& pass, Index example, Index step, std::span<Scalar> scratch) {
    return scratch.data() + 2 * (example * pass.input.time + step);
  }

  Moments measure(const Scalar* step, Index channels) const {
    const Scalar share = Scalar{1} / static_cast<Scalar>(channels);
    ChannelBlock sums = ChannelBlock::zero();
    for_channel_blocks(channels, [&](Index channel, Index count) {
      sums = sums + ChannelBlock::load(step + channel, count);
    });
    const Scalar mean = share * sum(sums);
    ChannelBlock squares = ChannelBlock::zero();
    for_channel_blocks(channels, [&](Index channel, Index count) {
      // filled up with the mean, which adds nothing
      const ChannelBlock deviation =
          ChannelBlock::load(step + channel, count, mean) - ChannelBlock::filled_with(mean);
      squares = squares + deviation * deviation;
    });
    const Scalar variance = share * sum(squares);
    return {mean, Scalar{1} / std::sqrt(variance + static_cast<Scalar>(config().epsilon))};
  }

  static ChannelBlock normalized(const Scalar* from, Index count, const Moments& moments) {
    return moments.inverse_deviation *
           (ChannelBlock::load(from, count) - ChannelBlock::filled_with(moments.mean));
  }
};

}  // namespace

LayerType layer_norm_layer() {
  return core::configured_part_type<LayerNorm>(R"([{"epsilon": 0.01}])");
}

}  // namespace ser::nn
