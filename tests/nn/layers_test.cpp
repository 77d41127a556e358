// Values of the smaller layers, by hand or by definition. What all layers keep is tested by
// tests/contract/layers_contract_test.cpp, their gradients by layer_gradient_test.cpp.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "nn/layer_run.h"
#include "nn/vector_functions.h"

namespace ser::nn {
namespace {

using test::LayerRun;

TEST(VectorFunctions, ExponentialIsExactToAFewUnits) {
  for (double x = -90.0; x <= 90.0; x += 0.0137) {
    const auto rounded = static_cast<Scalar>(x);
    const Scalar result = exponential(Lanes{} + rounded)[0];
    const double expected = std::exp(std::clamp(static_cast<double>(rounded), -87.0, 88.0));
    ASSERT_NEAR(result / expected, 1.0, 4e-7) << x;
  }
  EXPECT_EQ(exponential(Lanes{})[0], 1);
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  EXPECT_LT(exponential(Lanes{} - infinity)[0], 1e-37F);
  EXPECT_GT(exponential(Lanes{} + infinity)[0], 1e38F);
  EXPECT_TRUE(std::isnan(exponential(Lanes{} + std::numeric_limits<Scalar>::quiet_NaN())[0]));
}

TEST(Activations, EqualTheirDefinitions) {
  const auto silu_layer = make_layer({{"layer", "silu"}});
  const auto gelu_layer = make_layer({{"layer", "gelu"}});
  LayerRun a(*silu_layer, {7, 50}, 2, Mode::kInference);
  LayerRun b(*gelu_layer, {7, 50}, 2, Mode::kInference);
  a.x *= 4;
  b.x = a.x;
  a.forward();
  b.forward();
  for (Index i = 0; i < a.x.size(); ++i) {
    const double x = a.x.data()[i];
    EXPECT_NEAR(a.y.data()[i], x / (1 + std::exp(-x)), 1e-6 * (1 + std::abs(x)));
    const double normal = 0.5 * std::erfc(-x / std::numbers::sqrt2);
    EXPECT_NEAR(b.y.data()[i], x * normal, 5e-4);
    const double u = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
    EXPECT_NEAR(b.y.data()[i], x / 2 * (1 + std::tanh(u)), 1e-6 * (1 + std::abs(x)));
  }
}

TEST(Pooling, ByHand) {
  const auto values = [](const core::Json& json) {
    const auto layer = make_layer(json);
    LayerRun run(*layer, {1, 5}, 1, Mode::kInference);
    run.x << 1, 2, 3, 4, 10;
    run.forward();
    return Vector(run.y);
  };
  // padding does not count
  EXPECT_EQ(values({{"layer", "average_pool"}, {"size", 3}, {"stride", 2}}),
            (Vector(3) << 1.5F, 3, 7).finished());
  EXPECT_EQ(values({{"layer", "global_average_pool"}})[0], 4);
  EXPECT_EQ(values({{"layer", "global_max_pool"}})[0], 10);
  const Vector statistics = values({{"layer", "statistics_pool"}, {"epsilon", 1e-8}});
  EXPECT_EQ(statistics[0], 4);
  EXPECT_NEAR(statistics[1], std::sqrt(50.0 / 5), 1e-6);
}

TEST(AttentivePool, WithEqualWeightsIsStatisticsPooling) {
  const auto attentive = make_layer({{"layer", "attentive_pool"}, {"units", 5}});
  const auto plain = make_layer({{"layer", "statistics_pool"}});
  LayerRun a(*attentive, {18, 7}, 2, Mode::kInference);
  LayerRun b(*plain, {18, 7}, 2, Mode::kInference);
  a.parameters.tail(5).setZero();
  b.x = a.x;
  a.forward();
  b.forward();
  EXPECT_TRUE(a.y.isApprox(b.y, 1e-5F));
}

TEST(AttentivePool, LooksAtTheStepThatItIsToldTo) {
  const auto layer = make_layer({{"layer", "attentive_pool"}, {"units", 1}});
  LayerRun run(*layer, {2, 3}, 1, Mode::kInference);
  run.parameters << 100, 0, 0, 50;  // W, b, v: steps with a positive first channel
  run.x << -1, 5, 1, 7, -1, 9;
  run.forward();
  EXPECT_NEAR(run.y(0, 0), 1, 1e-5);
  EXPECT_NEAR(run.y(1, 0), 7, 1e-5);
  EXPECT_NEAR(run.y(3, 0), std::sqrt(1e-5), 1e-5);
}

TEST(LayerNorm, GivesEachStepItsShiftAndGain) {
  const auto layer = make_layer({{"layer", "layer_norm"}, {"epsilon", 1e-8}});
  LayerRun run(*layer, {21, 4}, 1, Mode::kInference);
  run.x.array() = 3 * run.x.array() + 10;
  run.parameters.head(21).setConstant(2);
  run.parameters.tail(21).setConstant(-1);
  run.forward();
  for (Index step = 0; step < 4; ++step) {
    const auto y = run.y.col(0).segment(21 * step, 21).array();
    EXPECT_NEAR(y.mean(), -1, 1e-5);
    EXPECT_NEAR(std::sqrt((y - y.mean()).square().mean()), 2, 1e-5);
  }
}

TEST(SqueezeExcitation, ByHand) {
  const auto layer = make_layer({{"layer", "squeeze_excitation"}, {"units", 1}});
  LayerRun run(*layer, {2, 2}, 1, Mode::kInference);
  run.parameters << 1, 2, 0.5F, -1, 3, 0.25F, 0;  // A, a, B, b
  run.x << 1, 2, 3, 4;
  run.forward();
  const double hidden = 1 * 2 + 2 * 3 + 0.5;  // of the means 2 and 3
  const double first = 1 / (1 + std::exp(hidden - 0.25));
  const double second = 1 / (1 + std::exp(-3 * hidden));
  EXPECT_NEAR(run.y(0, 0), 1 * first, 1e-6);
  EXPECT_NEAR(run.y(1, 0), 2 * second, 1e-6);
  EXPECT_NEAR(run.y(2, 0), 3 * first, 1e-6);
  EXPECT_NEAR(run.y(3, 0), 4 * second, 1e-6);
}

// A convolution whose filters look at their own channel only.
TEST(DepthwiseConv1D, IsAConvolutionWithADiagonalFilter) {
  for (const char* padding : {"same", "causal", "valid"}) {
    core::Json json = {{"kernel", 3}, {"stride", 2}, {"dilation", 2}, {"padding", padding}};
    json["layer"] = "depthwise_conv1d";
    const auto depthwise = make_layer(json);
    json["layer"] = "conv1d";
    json["channels"] = 18;
    const auto full = make_layer(json);
    LayerRun a(*depthwise, {18, 9}, 2, Mode::kInference);
    LayerRun b(*full, {18, 9}, 2, Mode::kInference);
    b.x = a.x;
    b.parameters.setZero();
    for (Index k = 0; k < 3; ++k) {
      for (Index channel = 0; channel < 18; ++channel) {
        b.parameters[(k * 18 + channel) * 18 + channel] = a.parameters[k * 18 + channel];
      }
    }
    b.parameters.tail(18) = a.parameters.tail(18);
    a.forward();
    b.forward();
    ASSERT_EQ(a.y.size(), b.y.size());
    EXPECT_TRUE(a.y.isApprox(b.y, 1e-5F)) << padding;
  }
}

TEST(ChannelDropout, DropsWholeChannelsAtItsRate) {
  const auto layer = make_layer({{"layer", "channel_dropout"}, {"rate", 0.25}});
  const Shape shape{200, 3};
  LayerRun run(*layer, shape, 50, Mode::kTraining);
  run.x.setOnes();
  run.forward();
  Index dropped = 0;
  for (Index example = 0; example < 50; ++example) {
    const Eigen::Map<const Matrix> y(run.y.col(example).data(), shape.channels, shape.time);
    for (Index channel = 0; channel < shape.channels; ++channel) {
      const bool kept = y(channel, 0) != 0;
      EXPECT_TRUE((y.row(channel).array() == (kept ? Scalar(1 / 0.75) : Scalar(0))).all());
      dropped += kept ? 0 : 1;
    }
  }
  // five standard deviations of a binomial distribution
  EXPECT_NEAR(static_cast<double>(dropped), 2500, 5 * std::sqrt(10000 * 0.25 * 0.75));
}

TEST(Residual, AddsTheInputOrItsProjection) {
  const auto layer = make_layer(
      core::parse_json(R"({"layer": "residual", "layers": [{"layer": "relu"}]})", "test"));
  LayerRun run(*layer, {1, 3}, 1, Mode::kInference);
  run.x << -2, 0, 3;
  run.forward();
  EXPECT_EQ(run.y, (Matrix(3, 1) << -2, 0, 6).finished());

  const auto projected = make_layer(core::parse_json(
      R"({"layer": "residual", "projection": 2,
          "layers": [{"layer": "conv1d", "channels": 2, "kernel": 1, "bias": false}]})",
      "test"));
  LayerRun both(*projected, {1, 2}, 1, Mode::kInference);
  both.parameters << 1, 10, 100, 1000;
  both.x << 1, 2;
  both.forward();
  EXPECT_EQ(both.y, (Matrix(4, 1) << 101, 1010, 202, 2020).finished());
}

TEST(Residual, RefusesWhatDoesNotFit) {
  const auto error_of = [](const std::string& text) -> std::string {
    try {
      make_layer(core::parse_json(text, "test"), "network[2]")->output_shape({3, 8});
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "none";
  };
  const auto expect = [&](const std::string& text, const std::string& part) {
    EXPECT_NE(error_of(text).find(part), std::string::npos) << error_of(text);
  };
  expect(R"({"layer": "residual", "layers": []})", "E_CONFIG_VALUE network[2].layers");
  expect(
      R"({"layer": "residual", "layers": [{"layer": "relu"}, {"layer": "conv1d", "kernel": 0}]})",
      "E_CONFIG_VALUE network[2].layers[1].kernel");
  expect(R"({"layer": "residual", "layers": [{"layer": "residual"}]})", "cannot hold another one");
  expect(R"({"layer": "residual", "layers": [{"layer": "conv1d", "channels": 5}]})",
         "set \"projection\" to 5");
  expect(R"({"layer": "residual", "layers": [{"layer": "max_pool"}]})", "have to stay as many");
  // 2^16 channels at a time are allowed, but not fifty times as many together
  core::Json many = core::Json::array();
  for (int i = 0; i < 50; ++i) {
    many.push_back({{"layer", "conv1d"}, {"channels", 65536}, {"kernel", 1}});
    many.push_back({{"layer", "conv1d"}, {"channels", 1}, {"kernel", 1}});
  }
  const auto large = make_layer({{"layer", "residual"}, {"layers", many}});
  EXPECT_EQ(large->output_shape({1, 20}), (Shape{1, 20}));
  EXPECT_THROW(large->output_shape({1, 1000}), core::ConfigError);
}

TEST(MultiLevelPool, PoolsTheInputAndEachBlock) {
  const auto layer = make_layer(core::parse_json(
      R"({"layer": "multi_level_pool", "pool": {"layer": "global_average_pool"},
          "blocks": [[{"layer": "relu"}],
                     [{"layer": "max_pool", "size": 2, "stride": 2},
                      {"layer": "conv1d", "channels": 1, "kernel": 1}]]})",
      "test"));
  EXPECT_EQ(layer->output_shape({2, 4}), (Shape{5, 1}));
  LayerRun run(*layer, {2, 4}, 1, Mode::kInference);
  run.parameters << 1, 10, 100;  // weights of two channels, bias
  run.x << -2, 1, 4, -1, 0, 3, 2, 1;
  run.forward();
  // means of channels, of what is positive, and of 1 * 4 + 10 * 1 + 100 and 1 * 2 + 10 * 3 + 100
  EXPECT_EQ(run.y, (Matrix(5, 1) << 1, 1, 1.5, 1.25, 123).finished());

  const auto without = make_layer(core::parse_json(
      R"({"layer": "multi_level_pool", "input": false, "blocks": [[{"layer": "relu"}]]})", "test"));
  EXPECT_EQ(without->output_shape({2, 4}), (Shape{4, 1}));
}

TEST(MultiLevelPool, RefusesWhatDoesNotFit) {
  const auto error_of = [](const std::string& text) -> std::string {
    try {
      make_layer(core::parse_json(R"({"layer": "multi_level_pool", )" + text + "}", "test"),
                 "network[2]")
          ->output_shape({3, 8});
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "none";
  };
  const auto expect = [&](const std::string& text, const std::string& part) {
    EXPECT_NE(error_of(text).find(part), std::string::npos) << error_of(text);
  };
  expect(R"("blocks": [])", "E_CONFIG_VALUE network[2].blocks: expected a list of lists");
  expect(R"("blocks": [[]])", "E_CONFIG_VALUE network[2].blocks[0]: expected a list of layers");
  expect(R"("blocks": [[{"layer": "relu"}], [{"layer": "conv1d", "kernel": 0}]])",
         "E_CONFIG_VALUE network[2].blocks[1][0].kernel");
  expect(R"("blocks": [[{"layer": "multi_level_pool"}]])", "cannot hold another one");
  expect(R"("blocks": [[{"layer": "residual"}]])", "cannot hold another one");
  expect(R"("pool": {"layer": "relu"})", "pools.0: makes 8 steps");
  expect(R"("blocks": [[{"layer": "conv1d", "kernel": 9, "padding": "valid"}]])",
         "E_NETWORK_SHAPE");
}

}  // namespace
}  // namespace ser::nn
