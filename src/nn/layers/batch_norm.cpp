#include <algorithm>

#include "nn/configured_layer.h"
#include "nn/step_sums.h"

namespace ser::nn {
namespace {

struct BatchNormConfig {
  static constexpr const char* kKind = "batch_norm";
  double epsilon = 1e-5;
  double rate = 0.1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("epsilon", self.epsilon, "added to the variance before its root is taken",
          core::Range{1e-8, 1.0});
    visit("rate", self.rate, "how far the running statistics move towards those of a batch",
          core::Range{0.0, 1.0});
  }
};

// Batch normalisation (Ioffe and Szegedy, 2015): y = gain (x - mean) / sqrt(variance + epsilon) +
// shift, channel by channel. In training, mean and variance are those of the block of examples: a
// shard of a batch, whose size is fixed ("ghost batches", Hoffer et al., 2017), so they depend on
// the order of the examples but not on the number of threads. In inference they are the running
// ones, and gain / sqrt(...) is what prepare() makes.
// Parameters: gain, shift, running mean, running variance, [channels] each. The running variance
// follows the unbiased estimates, since a shard is small.
class BatchNorm : public ConfiguredLayer<BatchNormConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  bool examples_are_independent(Mode mode) const override { return mode == Mode::kInference; }

  Shape output_shape(const Shape& input) const override { return input; }

  Index num_parameters(const Shape& input) const override { return 4 * input.channels; }

  std::vector<ParameterRange> statistics(const Shape& input) const override {
    return {{2 * input.channels, 2 * input.channels}};
  }

  std::vector<ParameterRange> variances(const Shape& input) const override {
    return {{3 * input.channels, input.channels}};
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream /*random*/) const override {
    parameters.setZero();
    parameters.head(input.channels).setOnes();
    parameters.tail(input.channels).setOnes();
  }

  // The scale of inference.
  Index prepared_size(const Shape& input, Mode /*mode*/) const override { return input.channels; }

  void prepare(const Shape& input, ConstParameters parameters, Mode /*mode*/,
               std::span<Scalar> prepared) const override {
    const Index channels = input.channels;
    const Scalar* p = parameters.data();
    for_channel_blocks(channels, [&](Index channel, Index count) {
      (ChannelBlock::load(p + channel, count) *
       inverse_deviation(ChannelBlock::load(p + 3 * channels + channel, count)))
          .store(prepared.data() + channel, count);
    });
  }

  // The block's means and variances.
  Index scratch_size(const Shape& input, Index /*examples*/) const override {
    return 2 * input.channels;
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    for_channel_blocks(channels, [&](Index channel, Index count) {
      const Scalar* p = parameters.data() + channel;
      ChannelBlock scale = ChannelBlock::load(pass.prepared.data() + channel, count);
      ChannelBlock mean = ChannelBlock::load(p + 2 * channels, count);
      const ChannelBlock shift = ChannelBlock::load(p + channels, count);
      if (pass.mode == Mode::kTraining) {
        const Moments moments = moments_of(pass, x, channel, count);
        moments.mean.store(scratch.data() + channel, count);
        moments.variance.store(scratch.data() + channels + channel, count);
        scale = inverse_deviation(moments.variance) * ChannelBlock::load(p, count);
        mean = moments.mean;
      }
      for_columns(pass, x, channel, count, [&](Index example, const StepColumn& steps) {
        Scalar* to = y.col(example).data() + channel;
        for (Index step = 0; step < steps.steps; ++step, to += channels) {
          (scale * (steps.at(step) - mean) + shift).store(to, count);
        }
      });
    });
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Index channels = pass.input.channels;
    const bool training = pass.mode == Mode::kTraining;
    Parameters gradient = arguments.parameter_gradient;
    gradient.setZero();
    for_channel_blocks(channels, [&](Index channel, Index count) {
      const Scalar* p = arguments.parameters.data() + channel;
      const Scalar* moments = training ? scratch.data() + channel : p + 2 * channels;
      const ChannelBlock mean = ChannelBlock::load(moments, count);
      const ChannelBlock variance = ChannelBlock::load(moments + channels, count);
      const ChannelBlock inverse = inverse_deviation(variance);
      ChannelBlock shift_derivative = ChannelBlock::zero();
      ChannelBlock gain_derivative = ChannelBlock::zero();
      Index numbers = 0;
      for_columns(pass, arguments.x, channel, count, [&](Index example, const StepColumn& x) {
        const StepColumn dy =
            step_column(arguments.dy, example, pass.shape(example), channel, count);
        shift_derivative = shift_derivative + sum_of_steps(dy);
        gain_derivative = gain_derivative + sum_over_steps(x.steps, [&](Index step) {
                            return dy.at(step) * (x.at(step) - mean);
                          });
        numbers += x.steps;
      });
      gain_derivative = inverse * gain_derivative;
      add_to(gradient.data() + channel, count, gain_derivative);
      add_to(gradient.data() + channels + channel, count, shift_derivative);
      // A single number says nothing of the variance.
      if (training && numbers > 1) {
        const Scalar unbiased = static_cast<Scalar>(numbers) / static_cast<Scalar>(numbers - 1);
        Scalar* change = gradient.data() + 2 * channels + channel;
        add_change(p + 2 * channels, mean, count, change);
        add_change(p + 3 * channels, unbiased * variance, count, change + channels);
      }
      if (arguments.dx.cols() == 0) return;
      // In training the numbers act on mean and variance as well.
      const Scalar share = training ? Scalar{1} / static_cast<Scalar>(numbers) : Scalar{0};
      const ChannelBlock scale = ChannelBlock::load(p, count) * inverse;
      const ChannelBlock slope = share * inverse * gain_derivative;
      const ChannelBlock mean_derivative = share * shift_derivative;
      for_columns(pass, arguments.x, channel, count, [&](Index example, const StepColumn& x) {
        const StepColumn dy =
            step_column(arguments.dy, example, pass.shape(example), channel, count);
        Block dx = arguments.dx;
        Scalar* to = dx.col(example).data() + channel;
        for (Index step = 0; step < x.steps; ++step, to += channels) {
          (scale * (dy.at(step) - mean_derivative - slope * (x.at(step) - mean))).store(to, count);
        }
      });
    });
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index channels = input.channels;
    const Scalar* p = parameters.data();
    return graph.node("BatchNormalization",
                      {x, graph.parameter("weight", {channels}, p),
                       graph.parameter("bias", {channels}, p + channels),
                       graph.parameter("running_mean", {channels}, p + 2 * channels),
                       graph.parameter("running_var", {channels}, p + 3 * channels)},
                      {{"epsilon", static_cast<float>(config().epsilon)}});
  }

  std::optional<AffineMap> as_affine_map(const Shape& input,
                                         ConstParameters parameters) const override {
    const auto numbers = [&](Index index) -> Eigen::VectorXd {
      return parameters.segment(index * input.channels, input.channels).cast<double>();
    };
    const Eigen::VectorXd variance = numbers(3).cwiseMax(0.0);
    Eigen::VectorXd scale =
        numbers(0).cwiseQuotient((variance.array() + config().epsilon).sqrt().matrix());
    Eigen::VectorXd shift = numbers(1) - numbers(2).cwiseProduct(scale);
    return AffineMap{std::move(scale), std::move(shift)};
  }

 private:
  struct Moments {
    ChannelBlock mean;
    ChannelBlock variance;
  };

  template <class Body>
  static void for_columns(const Pass& pass, const ConstBlock& x, Index channel, Index count,
                          const Body& body) {
    for (Index example = 0; example < x.cols(); ++example) {
      body(example, step_column(x, example, pass.shape(example), channel, count));
    }
  }

  // Example by example, so that each sum has few terms; the variance in a second round, which
  // cancels nothing.
  static Moments moments_of(const Pass& pass, const ConstBlock& x, Index channel, Index count) {
    Moments moments = {ChannelBlock::zero(), ChannelBlock::zero()};
    Index numbers = 0;
    for_columns(pass, x, channel, count, [&](Index, const StepColumn& steps) {
      moments.mean = moments.mean + sum_of_steps(steps);
      numbers += steps.steps;
    });
    const Scalar share = Scalar{1} / static_cast<Scalar>(numbers);
    moments.mean = share * moments.mean;
    for_columns(pass, x, channel, count, [&](Index, const StepColumn& steps) {
      moments.variance = moments.variance + squared_deviations(steps, moments.mean);
    });
    moments.variance = share * moments.variance;
    return moments;
  }

  // A file may hold anything for the running variance: what is below zero counts as zero.
  ChannelBlock inverse_deviation(ChannelBlock variance) const {
    for (auto& part : variance.parts) part = part < 0 ? Lanes{} : part;
    return reciprocal(
        square_root(variance + ChannelBlock::filled_with(static_cast<Scalar>(config().epsilon))));
  }

  // Of a running statistic that is to follow `observed`.
  void add_change(const Scalar* running, const ChannelBlock& observed, Index count,
                  Scalar* change) const {
    const auto rate = static_cast<Scalar>(config().rate);
    add_to(change, count, rate * (observed - ChannelBlock::load(running, count)));
  }
};

}  // namespace

LayerType batch_norm_layer() {
  return core::configured_part_type<BatchNorm>(R"([{"epsilon": 0.01, "rate": 0.5}])");
}

}  // namespace ser::nn
