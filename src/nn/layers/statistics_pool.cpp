#include "nn/configured_layer.h"
#include "nn/graph_deviation.h"
#include "nn/step_sums.h"

namespace ser::nn {
namespace {

struct StatisticsPoolConfig {
  static constexpr const char* kKind = "statistics_pool";
  double epsilon = 1e-5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("epsilon", self.epsilon, "added to the variance before its root is taken",
          core::Range{1e-8, 1.0});
  }
};

// Mean and standard deviation of each channel over all steps (Snyder et al., 2017, for speakers):
// [channels x time] -> [2 channels x 1], the means first.
class StatisticsPool : public ConfiguredLayer<StatisticsPoolConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return {2 * input.channels, 1}; }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const auto epsilon = ChannelBlock::filled_with(static_cast<Scalar>(config().epsilon));
    for (Index example = 0; example < x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      const Scalar share = Scalar{1} / static_cast<Scalar>(shape.time);
      Scalar* mean_of = y.col(example).data();
      Scalar* deviation_of = mean_of + shape.channels;
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        const StepColumn steps = step_column(x, example, shape, channel, count);
        const ChannelBlock mean = mean_of_steps(steps);
        mean.store(mean_of + channel, count);
        square_root(share * squared_deviations(steps, mean) + epsilon)
            .store(deviation_of + channel, count);
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    for (Index example = 0; example < dx.cols(); ++example) {
      const Shape shape = pass.shape(example);
      const Scalar share = Scalar{1} / static_cast<Scalar>(shape.time);
      const Scalar* y = arguments.y.col(example).data();
      const Scalar* dy = arguments.dy.col(example).data();
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        const auto mean = ChannelBlock::load(y + channel, count);
        const auto deviation = ChannelBlock::load(y + shape.channels + channel, count, 1);
        const ChannelBlock of_mean = share * ChannelBlock::load(dy + channel, count);
        const ChannelBlock slope = share *
                                   ChannelBlock::load(dy + shape.channels + channel, count) *
                                   reciprocal(deviation);
        const StepColumn steps = step_column(arguments.x, example, shape, channel, count);
        Scalar* to = dx.col(example).data() + channel;
        for (Index step = 0; step < steps.steps; ++step, to += shape.channels) {
          (of_mean + slope * (steps.at(step) - mean)).store(to, count);
        }
      });
    }
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const std::vector<GraphAttribute> over_time = {{"axes", std::vector<std::int64_t>{2}}};
    const GraphValue steps = graph.as_steps(x);
    const GraphValue mean = graph.node("ReduceMean", {steps}, over_time);
    const GraphValue deviation = graph.node("Sub", {steps, mean});
    const GraphValue variance =
        graph.node("ReduceMean", {graph.node("Mul", {deviation, deviation})}, over_time);
    const GraphValue root = add_deviation(variance, config().epsilon, graph);
    return graph.node("Concat", {mean, root}, {{"axis", 1}});
  }
};

}  // namespace

LayerType statistics_pool_layer() {
  return core::configured_part_type<StatisticsPool>(R"([{"epsilon": 0.01}])");
}

}  // namespace ser::nn
