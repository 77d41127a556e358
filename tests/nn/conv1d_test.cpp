#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/network.h"

#include "nn/convolution/convolution.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

// The definition of Keras's Conv1D, step by step in double. `bound` receives the sum of the
// magnitudes, from which the tolerance follows.
struct Reference {
  Index count;
  Eigen::MatrixXd y;
  Eigen::MatrixXd bound;
};

Reference naive(const LayerRun& run, const ConvolutionShape& shape, Index example) {
  const auto& [input, channels, kernel, stride, dilation, padding, groups, windows] = shape;
  const Index inputs = input.channels / groups;
  const Index span = (kernel - 1) * dilation + 1;
  Reference result;
  Index left = 0;
  if (padding == "valid") {
    result.count = (input.time - span) / stride + 1;
  } else {
    result.count = (input.time + stride - 1) / stride;
    left = padding == "causal"
               ? span - 1
               : std::max<Index>((result.count - 1) * stride + span - input.time, 0) / 2;
  }
  result.y.setZero(channels, result.count);
  result.bound.setZero(channels, result.count);
  for (Index o = 0; o < channels; ++o) {
    for (Index t = 0; t < result.count; ++t) {
      const double bias = run.parameters[kernel * inputs * channels + o];
      result.y(o, t) = bias;
      result.bound(o, t) = std::abs(bias);
      for (Index k = 0; k < kernel; ++k) {
        const Index step = t * stride + k * dilation - left;
        if (step < 0 || step >= input.time) continue;
        for (Index c = 0; c < inputs; ++c) {
          // Keras: kernel[k, c, o] and input[step, c], row-major; c within the group of o
          const double product =
              static_cast<double>(run.parameters[(k * inputs + c) * channels + o]) *
              run.x(step * input.channels + o / (channels / groups) * inputs + c, example);
          result.y(o, t) += product;
          result.bound(o, t) += std::abs(product);
        }
      }
    }
  }
  return result;
}

// n rounded products and sums: |error| <= n * epsilon * sum of magnitudes. The constants of
// Winograd's transforms cancel only up to rounding, so there the errors of a whole tile, of which
// the largest sum of magnitudes is a measure, reach each of its steps: 30 epsilon are 3.6e-6 in
// float.
double tolerance(const ConvolutionShape& shape, const Reference& expected, Index o, Index t) {
  const double epsilon = std::numeric_limits<Scalar>::epsilon();
  // With groups, those of a bundle may be computed by Winograd too.
  const bool by_winograd = shape.groups > 1 && shape.kernel == 5 && shape.stride == 1;
  if (by_winograd || choose_formulation(shape).name() == "winograd") {
    return 30 * epsilon * expected.bound.row(o).maxCoeff();
  }
  return static_cast<double>(shape.window_size() + 1) * epsilon * expected.bound(o, t);
}

void check(const ConvolutionShape& shape, Index examples, std::uint64_t seed) {
  const Shape& input = shape.input;
  const core::Json json = {{"layer", "conv1d"},          {"channels", shape.channels},
                           {"kernel", shape.kernel},     {"stride", shape.stride},
                           {"dilation", shape.dilation}, {"padding", shape.padding},
                           {"groups", shape.groups}};
  SCOPED_TRACE(json.dump() + " on " + std::to_string(input.channels) + " x " +
               std::to_string(input.time));
  const auto layer = make_layer(json);
  LayerRun run(*layer, input, examples, Mode::kInference, seed);
  run.forward();
  for (Index example = 0; example < examples; ++example) {
    const Reference expected = naive(run, shape, example);
    ASSERT_EQ(layer->output_shape(input), (Shape{shape.channels, expected.count}));
    const Eigen::Map<const Matrix> y(run.y.col(example).data(), shape.channels, expected.count);
    for (Index o = 0; o < shape.channels; ++o) {
      for (Index t = 0; t < expected.count; ++t) {
        ASSERT_NEAR(y(o, t), expected.y(o, t), tolerance(shape, expected, o, t))
            << choose_formulation(shape).name() << ", channel " << o << ", step " << t;
      }
    }
  }
}

void check(const Shape& input, Index channels, Index kernel, Index stride, bool same,
           Index examples, std::uint64_t seed) {
  check({input, channels, kernel, stride, 1, same ? "same" : "valid"}, examples, seed);
}

TEST(Conv1D, EqualsTheDefinition) {
  check({1, 162}, 8, 5, 1, true, 2, 1);
  check({4, 81}, 6, 5, 1, true, 1, 2);
  check({3, 10}, 2, 3, 2, true, 2, 3);
  check({3, 11}, 2, 4, 2, true, 2, 4);
  check({2, 3}, 5, 9, 1, true, 2, 5);  // the kernel is longer than the input
  check({2, 3}, 5, 10, 2, true, 2, 6);
  check({1, 1}, 1, 1, 1, true, 1, 7);
  check({1, 1}, 1, 7, 3, true, 1, 8);
  check({2, 13}, 3, 2, 5, true, 2, 9);  // the stride is longer than the kernel
  check({2, 13}, 3, 2, 5, false, 2, 10);
  check({2, 5}, 3, 5, 1, false, 2, 11);  // the kernel is as long as the input
  check({1, 40}, 30, 16, 1, false, 2, 12);
  core::RandomStream random(13);
  const auto draw = [&](Index low, Index high) {
    return low + static_cast<Index>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  for (std::uint64_t round = 0; round < 100; ++round) {
    const Index kernel = draw(1, 9);
    const bool same = draw(0, 1) == 1;
    const Shape input{draw(1, 9), draw(same ? 1 : kernel, 30)};
    check(input, draw(1, 33), kernel, draw(1, 4), same, draw(1, 3), 100 + round);
  }
}

TEST(Conv1D, EqualsTheDefinitionWithDilationAndCausalPadding) {
  core::RandomStream random(16);
  const auto draw = [&](Index low, Index high) {
    return low + static_cast<Index>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  for (std::uint64_t round = 0; round < 100; ++round) {
    const Index kernel = draw(1, 6);
    const Index dilation = draw(1, 4);
    const char* const padding = std::array{"same", "causal", "valid"}[round % 3];
    const Index shortest = round % 3 == 2 ? (kernel - 1) * dilation + 1 : 1;
    check({{draw(1, 40), draw(shortest, 30)}, draw(1, 33), kernel, draw(1, 3), dilation, padding},
          draw(1, 3), 500 + round);
  }
  for (const Index channels : {20, 40}) {  // by Winograd
    check({{channels, 30}, 24, 5, 1, 1, "causal"}, 2, 600);
    for (const Index dilation : {2, 3, 16}) {
      for (const Index time : {1, 9, 70}) {
        check({{channels, time}, 24, 5, 1, dilation, "same"}, 9, 601);
        check({{channels, time}, 24, 5, 1, dilation, "causal"}, 2, 602);
      }
      check({{channels, 70}, 24, 5, 1, dilation, "valid"}, 2, 603);
    }
  }
}

TEST(Conv1D, EqualsTheDefinitionWithGroups) {
  core::RandomStream random(17);
  const auto draw = [&](Index low, Index high) {
    return low + static_cast<Index>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  std::set<std::string_view> tried;
  for (std::uint64_t round = 0; round < 150; ++round) {
    const Index kernel = draw(1, 6);
    const Index dilation = draw(1, 3);
    const char* const padding = std::array{"same", "causal", "valid"}[round % 3];
    const Index shortest = round % 3 == 2 ? (kernel - 1) * dilation + 1 : 1;
    const Index groups = draw(2, 12);
    const Index inputs = groups * draw(1, round % 4 == 0 ? 1 : 9);
    const Index outputs = round % 8 == 0 ? inputs : groups * draw(1, 9);
    const ConvolutionShape shape{
        {inputs, draw(shortest, 30)}, outputs, kernel, draw(1, 3), dilation, padding, groups};
    tried.insert(choose_formulation(shape).name());
    check(shape, draw(1, 3), 700 + round);
  }
  check({{64, 40}, 96, 5, 1, 1, "same", 2}, 20, 900);
  EXPECT_EQ(tried, (std::set<std::string_view>{"depthwise", "grouped"}));
}

// Against one group whose weights are zero where groups see nothing of each other.
TEST(Conv1D, HasTheGradientsOfItsWeightsWithZerosBetweenTheGroups) {
  for (const Index groups : {2, 4, 8}) {
    const Shape input{16, 21};
    const Index channels = 40;
    const core::Json json = {{"layer", "conv1d"}, {"channels", channels}, {"kernel", 3}};
    core::Json with_groups = json;
    with_groups["groups"] = groups;
    const auto layer = make_layer(with_groups);
    const auto wide = make_layer(json);
    LayerRun run(*layer, input, 3, Mode::kTraining);
    LayerRun expected(*wide, input, 3, Mode::kTraining);
    run.lengths = expected.lengths = {21, 1, 8};
    const Index inputs = input.channels / groups;
    // The place in the wide weights of weight `index`.
    const auto place = [&](Index index) {
      const Index output = index % channels;
      const Index column = index / channels;
      const Index input_channel = output / (channels / groups) * inputs + column % inputs;
      return (column / inputs * input.channels + input_channel) * channels + output;
    };
    const Index weights = 3 * inputs * channels;
    expected.parameters.setZero();
    for (Index i = 0; i < weights; ++i) expected.parameters[place(i)] = run.parameters[i];
    expected.parameters.tail(channels) = run.parameters.tail(channels);
    for (LayerRun* each : {&run, &expected}) {
      each->forward();
      each->backward();
    }
    for (Index example = 0; example < 3; ++example) {
      const Index steps = run.lengths[static_cast<std::size_t>(example)];
      EXPECT_TRUE(run.y.col(example)
                      .head(steps * channels)
                      .isApprox(expected.y.col(example).head(steps * channels), 1e-5F));
      EXPECT_TRUE(run.dx.col(example)
                      .head(steps * 16)
                      .isApprox(expected.dx.col(example).head(steps * 16), 1e-5F));
    }
    Vector gradient(run.gradient.size());
    for (Index i = 0; i < weights; ++i) gradient[i] = expected.gradient[place(i)];
    gradient.tail(channels) = expected.gradient.tail(channels);
    EXPECT_TRUE(run.gradient.isApprox(gradient, 1e-5F));
  }
}

TEST(Conv1D, RefusesGroupsThatDoNotDivideItsChannels) {
  const auto error_of = [](const core::Json& json, const Shape& input) -> std::string {
    try {
      const Network network(core::Json::array({json}), input);
      return "accepted";
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
  };
  const core::Json json = {{"layer", "conv1d"}, {"channels", 6}, {"groups", 3}};
  EXPECT_EQ(error_of(json, {9, 4}), "accepted");
  const std::string input = error_of(json, {8, 4});
  EXPECT_TRUE(input.starts_with("E_NETWORK_SHAPE network[0]: \"groups\"")) << input;
  core::Json odd = json;
  odd["channels"] = 7;
  const std::string output = error_of(odd, {9, 4});
  EXPECT_TRUE(output.starts_with("E_CONFIG_VALUE network[0].groups: must divide")) << output;
}

TEST(Conv1D, EqualsTheDefinitionInEachFormulation) {
  core::RandomStream random(14);
  const auto draw = [&](Index low, Index high) {
    return low + static_cast<Index>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  for (std::uint64_t round = 0; round < 60; ++round) {
    const bool same = draw(0, 1) == 1;
    // many examples of few steps fill several chunks
    check({draw(0, 2) == 0 ? 1 : draw(16, 70), draw(same ? 1 : 5, 30)}, draw(16, 70), 5, 1, same,
          draw(1, 60), 300 + round);
  }
  check({256, 81}, 256, 5, 1, true, 3, 400);
}

// Every formulation against the one that suits all shapes: values and gradients.
TEST(Conv1D, HasTheSameGradientsInEachFormulation) {
  core::RandomStream random(15);
  std::set<std::string_view> tried;
  for (std::uint64_t round = 0; round < 40; ++round) {
    const Index channels = round % 4 == 0 ? 1 : 16 + static_cast<Index>(random.below(40));
    const Index dilation = channels == 1 ? 1 : 1 + static_cast<Index>(random.below(4));
    const Shape input{channels, 5 * dilation + static_cast<Index>(random.below(40))};
    const std::string padding = round % 2 == 0 ? "same" : "valid";
    const ConvolutionShape shape{input,  16 + static_cast<Index>(random.below(40)), 5, 1, dilation,
                                 padding};
    const Index examples = 1 + static_cast<Index>(random.below(50));
    const Matrix x = test::random_matrix(input.size(), examples, random.fork(round).fork("x"));
    const Matrix dy = test::random_matrix(shape.channels * shape.windows.count, examples,
                                          random.fork(round).fork("dy"));
    const Vector weights =
        test::random_matrix(shape.num_weights(), 1, random.fork(round).fork("weights"));
    const auto run = [&](const ConvolutionFormulation& formulation, Matrix& dx, Vector& gradient) {
      Vector prepared(formulation.prepared_size(shape, Mode::kTraining));
      Vector scratch(formulation.scratch_size(shape, examples));
      Matrix y(dy.rows(), dy.cols());
      const auto span = [](Vector& vector) {
        return std::span<Scalar>(vector.data(), static_cast<std::size_t>(vector.size()));
      };
      const ConstParameters w(weights.data(), weights.size());
      const ConstBlock in(x.data(), x.rows(), x.cols());
      formulation.prepare(shape, w, Mode::kTraining, span(prepared));
      formulation.forward(shape, {span(prepared), w, ConstParameters(nullptr, 0), in,
                                  Block(y.data(), y.rows(), y.cols()), span(scratch)});
      formulation.backward(shape,
                           {span(prepared), w, in, ConstBlock(dy.data(), dy.rows(), dy.cols()),
                            Block(dx.data(), dx.rows(), dx.cols()),
                            Parameters(gradient.data(), gradient.size()), span(scratch)});
    };
    Matrix expected_dx(x.rows(), x.cols());
    Vector expected_gradient = Vector::Constant(weights.size(), NAN);
    run(direct_convolution(), expected_dx, expected_gradient);
    for (const ConvolutionFormulation* formulation : convolution_formulations()) {
      if (!formulation->suits(shape)) continue;
      tried.insert(formulation->name());
      SCOPED_TRACE(std::string(formulation->name()) + " on " + std::to_string(input.channels) +
                   " x " + std::to_string(input.time));
      Matrix dx(x.rows(), x.cols());
      Vector gradient = Vector::Constant(weights.size(), NAN);
      run(*formulation, dx, gradient);
      // F(6, 5) errs three times as much as F(4, 5), of which 3.3e-6 is known for dx; the weights'
      // derivatives add up as many errors as there are tiles. A wrong number is wrong by its size.
      EXPECT_LE((dx - expected_dx).cwiseAbs().maxCoeff(), 1e-5 * expected_dx.cwiseAbs().maxCoeff());
      EXPECT_LE((gradient - expected_gradient).cwiseAbs().maxCoeff(),
                2e-5 * expected_gradient.cwiseAbs().maxCoeff());
    }
  }
  EXPECT_EQ(tried.size(), convolution_formulations().size());
}

TEST(Conv1D, IsNotFlippedAndPadsTheOddStepAtTheEnd) {
  // By hand: kernel (1, 10), input (1, 2, 3): same padding puts its one zero behind the input.
  const auto layer = make_layer({{"layer", "conv1d"}, {"channels", 1}, {"kernel", 2}});
  LayerRun run(*layer, {1, 3}, 1, Mode::kInference);
  run.parameters << 1, 10, 100;
  run.x << 1, 2, 3;
  run.forward();
  EXPECT_EQ(run.y, (Matrix(3, 1) << 121, 132, 103).finished());
}

TEST(Conv1D, WithoutBiasHasNoParametersForIt) {
  const auto layer =
      make_layer({{"layer", "conv1d"}, {"channels", 2}, {"kernel", 3}, {"bias", false}});
  EXPECT_EQ(layer->num_parameters({4, 9}), 2 * 3 * 4);
}

TEST(Conv1D, StartsUniformWithinGlorotsLimitAndWithoutBias) {
  const auto layer = make_layer({{"layer", "conv1d"}, {"channels", 64}, {"kernel", 5}});
  const Shape input{32, 9};
  const Index weights = 64 * 5 * 32;
  Vector parameters(weights + 64);
  layer->initialize(input, Parameters(parameters.data(), parameters.size()), core::RandomStream(1));
  const double limit = std::sqrt(6.0 / (5 * 32 + 5 * 64));
  const Eigen::VectorXd w = parameters.head(weights).cast<double>();
  EXPECT_LE(w.cwiseAbs().maxCoeff(), limit);
  EXPECT_GE(w.cwiseAbs().maxCoeff(), 0.99 * limit);
  // five standard errors of the mean and of the mean square of a uniform distribution
  EXPECT_NEAR(w.mean(), 0.0, 5 * limit / std::sqrt(3.0 * weights));
  EXPECT_NEAR(w.squaredNorm() / weights, limit * limit / 3,
              5 * limit * limit * std::sqrt(4.0 / 45 / weights));
  EXPECT_TRUE(parameters.tail(64).isZero(0));
}

}  // namespace
}  // namespace ser::nn
