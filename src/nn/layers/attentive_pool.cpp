#include <cmath>

#include "nn/configured_layer.h"
#include "nn/glorot.h"
#include "nn/graph_deviation.h"
#include "nn/limits.h"
#include "nn/step_products.h"
#include "nn/step_sums.h"
#include "nn/vector_functions.h"

namespace ser::nn {
namespace {

struct AttentivePoolConfig {
  static constexpr const char* kKind = "attentive_pool";
  int units = 32;
  double epsilon = 1e-5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("units", self.units, "numbers from which a step's weight is told", core::Range{1, 65536});
    visit("epsilon", self.epsilon, "added to the variance before its root is taken",
          core::Range{1e-8, 1.0});
  }
};

// Attentive statistics pooling (Okabe et al., 2018): mean and standard deviation of each channel
// over all steps, where step t counts by a_t = softmax over time of v . tanh(W x_t + b). [channels
// x time] -> [2 channels x 1], the means first. Parameters: W [units x channels], column-major, b,
// v. The scratch holds, of each example, tanh(...) of its steps and their weights, and the
// derivatives of these for one.
class AttentivePool : public ConfiguredLayer<AttentivePoolConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    check_activation({config().units + Index{1}, input.time});
    return {2 * input.channels, 1};
  }

  Index num_parameters(const Shape& input) const override {
    return (input.channels + 2) * config().units;
  }

  Index scratch_size(const Shape& input, Index examples) const override {
    return (examples + 1) * kept_size(input);
  }

  // Every step counts alike at first.
  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    parameters.setZero();
    initialize_glorot_uniform(input.channels, config().units,
                              Parameters(parameters.data(), input.channels * config().units),
                              random);
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    const Index units = config().units;
    const ConstBlock weights(parameters.data(), units, channels);
    const ConstParameters bias(parameters.data() + weights.size(), units);
    const ConstParameters direction(bias.data() + units, units);
    const auto epsilon = ChannelBlock::filled_with(static_cast<Scalar>(config().epsilon));
    for (Index example = 0; example < x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      Kept kept = kept_of(pass.input, shape.time, example, scratch);
      for (Index step = 0; step < shape.time; ++step) kept.hidden.col(step) = bias;
      add_step_products(weights, ConstBlock(x.col(example).data(), channels, shape.time),
                        kept.hidden);
      for_channel_blocks(kept.hidden.size(), [&](Index place, Index count) {
        Scalar* numbers = kept.hidden.data() + place;
        hyperbolic_tangent(ChannelBlock::load(numbers, count)).store(numbers, count);
      });
      for (Index step = 0; step < shape.time; ++step) {
        kept.shares[step] = dot(direction.data(), kept.hidden.col(step).data(), units);
      }
      softmax_in_place(kept.shares);
      Scalar* mean_of = y.col(example).data();
      for_channel_blocks(channels, [&](Index channel, Index count) {
        const StepColumn steps = step_column(x, example, shape, channel, count);
        const ChannelBlock mean = sum_over_steps(
            shape.time, [&](Index step) { return kept.shares[step] * steps.at(step); });
        const ChannelBlock variance = sum_over_steps(shape.time, [&](Index step) {
          const ChannelBlock deviation = steps.at(step) - mean;
          return kept.shares[step] * (deviation * deviation);
        });
        mean.store(mean_of + channel, count);
        square_root(variance + epsilon).store(mean_of + channels + channel, count);
      });
    }
  }

  // With mean m, deviation s and their derivatives gm, gs: a step's weight has the derivative
  // gm . x_t + gs . (x_t - m)^2 / 2s, and the step itself, as far as its weight stays,
  // a_t (gm + gs (x_t - m) / s).
  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    const Index units = config().units;
    const ConstBlock weights(arguments.parameters.data(), units, channels);
    const ConstParameters direction(arguments.parameters.data() + weights.size() + units, units);
    Parameters all = arguments.parameter_gradient;
    all.setZero();
    Block weights_gradient(all.data(), units, channels);
    Parameters bias_gradient(all.data() + weights.size(), units);
    Parameters direction_gradient(bias_gradient.data() + units, units);
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      const Kept kept = kept_of(pass.input, shape.time, example, scratch);
      Kept derivative = kept_of(pass.input, shape.time, arguments.x.cols(), scratch);
      const Scalar* x = arguments.x.col(example).data();
      const Scalar* y = arguments.y.col(example).data();
      const Scalar* dy = arguments.dy.col(example).data();
      Scalar* to = dx.cols() > 0 ? dx.col(example).data() : nullptr;
      for (Index step = 0; step < shape.time; ++step) {
        ChannelBlock products = ChannelBlock::zero();
        for_channel_blocks(channels, [&](Index channel, Index count) {
          const auto value = ChannelBlock::load(x + step * channels + channel, count);
          const auto deviation = value - ChannelBlock::load(y + channel, count);
          const auto mean_derivative = ChannelBlock::load(dy + channel, count);
          const auto slope = ChannelBlock::load(dy + channels + channel, count) *
                             reciprocal(ChannelBlock::load(y + channels + channel, count, 1));
          products =
              products + mean_derivative * value + Scalar{0.5} * (slope * deviation * deviation);
          if (to == nullptr) return;
          (kept.shares[step] * (mean_derivative + slope * deviation))
              .store(to + step * channels + channel, count);
        });
        derivative.shares[step] = sum(products);
      }
      Scalar mean = 0;
      for (Index step = 0; step < shape.time; ++step) {
        mean += kept.shares[step] * derivative.shares[step];
      }
      for (Index step = 0; step < shape.time; ++step) {
        const Scalar score = kept.shares[step] * (derivative.shares[step] - mean);
        direction_gradient += score * kept.hidden.col(step);
        derivative.hidden.col(step).array() =
            score * direction.array() * (Scalar{1} - kept.hidden.col(step).array().square());
        bias_gradient += derivative.hidden.col(step);
      }
      weights_gradient.noalias() +=
          derivative.hidden * ConstBlock(x, channels, shape.time).transpose();
      if (to == nullptr) continue;
      Block(to, channels, shape.time).noalias() += weights.transpose() * derivative.hidden;
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index channels = input.channels;
    const Index units = config().units;
    const Scalar* bias = parameters.data() + units * channels;
    const GraphValue steps = graph.as_steps(x);
    const GraphValue hidden = graph.node(
        "Tanh", {graph.node("Conv", {steps,
                                     graph.parameter("hidden.weight", {units, channels, 1},
                                                     parameters.data(), {1, units, 0}),
                                     graph.parameter("hidden.bias", {units}, bias)})});
    const GraphValue direction = graph.parameter("direction", {1, units, 1}, bias + units);
    const GraphValue shares =
        graph.node("Softmax", {graph.node("Conv", {hidden, direction})}, {{"axis", 2}});
    const auto weighted_sum = [&](const GraphValue& values) {
      return graph.node("ReduceSum", {graph.node("Mul", {values, shares}), graph.dimensions({2})});
    };
    const GraphValue mean = weighted_sum(steps);
    const GraphValue deviation = graph.node("Sub", {steps, mean});
    const GraphValue variance = weighted_sum(graph.node("Mul", {deviation, deviation}));
    const GraphValue root = add_deviation(variance, config().epsilon, graph);
    return graph.node("Concat", {mean, root}, {{"axis", 1}});
  }

 private:
  struct Kept {
    Block hidden;       // [units x steps]
    Parameters shares;  // [steps]
  };

  Index kept_size(const Shape& input) const { return (config().units + 1) * input.time; }

  Kept kept_of(const Shape& input, Index steps, Index place, std::span<Scalar> scratch) const {
    Scalar* first = scratch.data() + place * kept_size(input);
    return {Block(first, config().units, steps),
            Parameters(first + config().units * input.time, steps)};
  }

  static Scalar dot(const Scalar* a, const Scalar* b, Index size) {
    ChannelBlock products = ChannelBlock::zero();
    for_channel_blocks(size, [&](Index place, Index count) {
      products =
          products + ChannelBlock::load(a + place, count) * ChannelBlock::load(b + place, count);
    });
    return sum(products);
  }

  static void softmax_in_place(Parameters numbers) {
    Scalar largest = numbers[0];
    for (const Scalar number : numbers) largest = number > largest ? number : largest;
    Scalar total = 0;
    for (Scalar& number : numbers) {
      number = std::exp(number - largest);
      total += number;
    }
    for (Scalar& number : numbers) number /= total;
  }
};

}  // namespace

LayerType attentive_pool_layer() {
  return core::configured_part_type<AttentivePool>(
      R"([{"units": 1}, {"units": 20, "epsilon": 0.01}])");
}

}  // namespace ser::nn
