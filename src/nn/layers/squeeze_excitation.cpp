#include <cmath>

#include "nn/configured_layer.h"
#include "nn/glorot.h"
#include "nn/step_sums.h"

namespace ser::nn {
namespace {

struct SqueezeExcitationConfig {
  static constexpr const char* kKind = "squeeze_excitation";
  int units = 16;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("units", self.units, "numbers to which the channels' means are squeezed",
          core::Range{1, 65536});
  }
};

// Each channel times a factor between 0 and 1 that follows from the means of all channels over time
// (Hu et al., 2018): m = mean of x, h = max(A m + a, 0), factor = sigmoid(B h + b). Parameters: A
// [units x channels], a, B [channels x units], b; matrices column-major. The scratch holds m, h and
// the factors of each example, then the derivatives by factors, h and m of one.
class SqueezeExcitation : public ConfiguredLayer<SqueezeExcitationConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return input; }

  Index num_parameters(const Shape& input) const override {
    return 2 * input.channels * config().units + config().units + input.channels;
  }

  Index scratch_size(const Shape& input, Index examples) const override {
    return (examples + 1) * kept_size(input);
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    const Index weights = input.channels * config().units;
    parameters.setZero();
    initialize_glorot_uniform(input.channels, config().units,
                              Parameters(parameters.data(), weights), random.fork("squeeze"));
    initialize_glorot_uniform(config().units, input.channels,
                              Parameters(parameters.data() + weights + config().units, weights),
                              random.fork("excitation"));
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Weights<const Scalar> weights(parameters.data(), pass.input.channels, config().units);
    for (Index example = 0; example < x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      Kept kept = kept_of(shape, example, scratch);
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        mean_of_steps(step_column(x, example, shape, channel, count))
            .store(kept.means.data() + channel, count);
      });
      kept.hidden = weights.squeeze_bias;
      kept.hidden.noalias() += weights.squeeze * kept.means;
      for (Scalar& number : kept.hidden) number = number < 0 ? Scalar{0} : number;
      kept.factors = weights.excitation_bias;
      kept.factors.noalias() += weights.excitation * kept.hidden;
      for (Scalar& number : kept.factors) number = Scalar{1} / (Scalar{1} + std::exp(-number));
      for_step_blocks(shape, [&](Index place, Index channel, Index count) {
        (ChannelBlock::load(x.col(example).data() + place, count) *
         ChannelBlock::load(kept.factors.data() + channel, count))
            .store(y.col(example).data() + place, count);
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Weights<const Scalar> weights(arguments.parameters.data(), pass.input.channels,
                                        config().units);
    Parameters all = arguments.parameter_gradient;
    all.setZero();
    Weights<Scalar> gradient(all.data(), pass.input.channels, config().units);
    Kept derivative = kept_of(pass.input, arguments.x.cols(), scratch);
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      const Kept kept = kept_of(shape, example, scratch);
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        const StepColumn x = step_column(arguments.x, example, shape, channel, count);
        const StepColumn dy = step_column(arguments.dy, example, shape, channel, count);
        sum_over_steps(shape.time, [&](Index step) {
          return x.at(step) * dy.at(step);
        }).store(derivative.factors.data() + channel, count);
      });
      derivative.factors.array() *= kept.factors.array() * (Scalar{1} - kept.factors.array());
      gradient.excitation.noalias() += derivative.factors * kept.hidden.transpose();
      gradient.excitation_bias += derivative.factors;
      derivative.hidden.noalias() = weights.excitation.transpose() * derivative.factors;
      for (Index i = 0; i < derivative.hidden.size(); ++i) {
        if (!(kept.hidden[i] > 0)) derivative.hidden[i] = 0;
      }
      gradient.squeeze.noalias() += derivative.hidden * kept.means.transpose();
      gradient.squeeze_bias += derivative.hidden;
      if (dx.cols() == 0) continue;
      derivative.means.noalias() = weights.squeeze.transpose() * derivative.hidden;
      derivative.means /= static_cast<Scalar>(shape.time);
      for_step_blocks(shape, [&](Index place, Index channel, Index count) {
        (ChannelBlock::load(arguments.dy.col(example).data() + place, count) *
             ChannelBlock::load(kept.factors.data() + channel, count) +
         ChannelBlock::load(derivative.means.data() + channel, count))
            .store(dx.col(example).data() + place, count);
      });
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index channels = input.channels;
    const Index units = config().units;
    const Weights<const Scalar> weights(parameters.data(), channels, units);
    const GraphValue steps = graph.as_steps(x);
    const GraphValue means =
        graph.as_vector(graph.node("GlobalAveragePool", {steps}), {channels, 1});
    const GraphValue hidden = graph.node(
        "Gemm",
        {means,
         graph.parameter("squeeze.weight", {units, channels}, weights.squeeze.data(), {1, units}),
         graph.parameter("squeeze.bias", {units}, weights.squeeze_bias.data())},
        {{"transB", 1}});
    const GraphValue factors =
        graph.node("Gemm",
                   {graph.node("Relu", {hidden}),
                    graph.parameter("excitation.weight", {channels, units},
                                    weights.excitation.data(), {1, channels}),
                    graph.parameter("excitation.bias", {channels}, weights.excitation_bias.data())},
                   {{"transB", 1}});
    return graph.node("Mul", {steps, graph.as_steps(graph.node("Sigmoid", {factors}))});
  }

 private:
  template <class Number>
  struct Weights {
    using MatrixMap = Eigen::Map<std::conditional_t<std::is_const_v<Number>, const Matrix, Matrix>>;
    using VectorMap = Eigen::Map<std::conditional_t<std::is_const_v<Number>, const Vector, Vector>>;

    Weights(Number* parameters, Index channels, Index units)
        : squeeze(parameters, units, channels),
          squeeze_bias(parameters + units * channels, units),
          excitation(squeeze_bias.data() + units, channels, units),
          excitation_bias(excitation.data() + units * channels, channels) {}

    MatrixMap squeeze;
    VectorMap squeeze_bias;
    MatrixMap excitation;
    VectorMap excitation_bias;
  };

  struct Kept {
    Parameters means;
    Parameters hidden;
    Parameters factors;
  };

  Index kept_size(const Shape& input) const { return 2 * input.channels + config().units; }

  Kept kept_of(const Shape& input, Index place, std::span<Scalar> scratch) const {
    Scalar* first = scratch.data() + place * kept_size(input);
    return {Parameters(first, input.channels), Parameters(first + input.channels, config().units),
            Parameters(first + input.channels + config().units, input.channels)};
  }
};

}  // namespace

LayerType squeeze_excitation_layer() {
  return core::configured_part_type<SqueezeExcitation>(R"([{"units": 1}, {"units": 20}])");
}

}  // namespace ser::nn
