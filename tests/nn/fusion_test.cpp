#include "nn/fusion.h"

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

// The layer that does what all of these do, or nothing.
std::shared_ptr<const Layer> fuse(const std::vector<core::Json>& layers, const Shape& input) {
  std::vector<std::shared_ptr<const Layer>> made;
  for (const core::Json& json : layers) made.push_back(make_layer(json));
  Fused fused = fuse_layers(made, input);
  EXPECT_TRUE(fused.count == 0 || fused.count == layers.size());
  return std::move(fused.layer);
}

TEST(Fusion, OfARectifierAndMaxPoolingGivesTheirNumbers) {
  const auto relu = make_layer({{"layer", "relu"}});
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 12}, Shape{40, 9}}) {
    for (const char* padding : {"same", "valid"}) {
      const auto pool = make_layer(
          {{"layer", "max_pool"}, {"size", shape.time > 4 ? 5 : 1}, {"padding", padding}});
      const auto fused = fuse({relu->to_json(), pool->to_json()}, shape);
      ASSERT_NE(fused, nullptr);
      EXPECT_EQ(fused->output_shape(shape), pool->output_shape(shape));
      LayerRun all(*fused, shape, 3, Mode::kTraining);
      // whole numbers, so that there are ties and zeros, and a window without a positive number
      for (Scalar& number : all.x.reshaped()) number = std::round(number);
      all.x.col(1) = -all.x.col(1).cwiseAbs();
      LayerRun first(*relu, shape, 3, Mode::kTraining);
      first.x = all.x;
      first.forward();
      LayerRun second(*pool, shape, 3, Mode::kTraining);
      second.x = first.y;
      second.dy = all.dy;
      second.forward();
      second.backward();
      first.dy = second.dx;
      first.backward();
      all.forward();
      all.backward();
      EXPECT_EQ(all.y, second.y);
      EXPECT_EQ(all.dx, first.dx);
    }
  }
}

TEST(Fusion, KeepsNotANumber) {
  const auto fused = fuse({{{"layer", "relu"}}, {{"layer", "max_pool"}}}, {1, 4});
  LayerRun run(*fused, {1, 4}, 1, Mode::kInference);
  run.x << -1, std::numeric_limits<Scalar>::quiet_NaN(), -2, 3;
  run.forward();
  EXPECT_TRUE(std::isnan(run.y(0, 0)));
  EXPECT_EQ(run.y(1, 0), 3);
}

// As three layers do it one after the other, bit by bit but for dx, which sums in another order.
TEST(Fusion, OfAConvolutionOfOneChannelRectifierAndMaxPoolingGivesTheirNumbers) {
  const core::Json relu = {{"layer", "relu"}};
  const std::vector<core::Json> convolutions = {
      {{"layer", "conv1d"}, {"channels", 32}},
      {{"layer", "conv1d"}, {"channels", 21}, {"bias", false}, {"padding", "causal"}},
      {{"layer", "conv1d"}, {"channels", 16}, {"stride", 2}, {"padding", "valid"}}};
  const std::vector<core::Json> pools = {
      {{"layer", "max_pool"}, {"size", 5}, {"stride", 2}},
      {{"layer", "max_pool"}, {"size", 2}, {"stride", 3}, {"padding", "valid"}}};
  const Shape input = {1, 23};
  for (const core::Json& convolution : convolutions) {
    for (const core::Json& pool : pools) {
      for (const bool shorter : {false, true}) {
        SCOPED_TRACE(convolution.dump() + pool.dump() + (shorter ? " shorter" : ""));
        const auto fused = fuse({convolution, relu, pool}, input);
        ASSERT_NE(fused, nullptr);
        LayerRun all(*fused, input, 3, Mode::kTraining);
        if (shorter) all.lengths = {23, 9, 12};
        std::vector<std::unique_ptr<Layer>> layers;
        std::vector<LayerRun> runs;
        Shape shape = input;
        for (const core::Json& json : {convolution, relu, pool}) {
          layers.push_back(make_layer(json));
          LayerRun& run = runs.emplace_back(*layers.back(), shape, 3, Mode::kTraining);
          run.x = runs.size() == 1 ? all.x : runs[runs.size() - 2].y;
          if (runs.size() == 1) run.parameters = all.parameters;
          for (const Index length : all.lengths) {
            Shape own = input;
            own.time = length;
            for (std::size_t i = 0; i + 1 < layers.size(); ++i) own = layers[i]->output_shape(own);
            run.lengths.push_back(own.time);
          }
          run.forward();
          shape = layers.back()->output_shape(shape);
        }
        EXPECT_EQ(fused->output_shape(input), shape);
        for (std::size_t i = runs.size(); i-- > 0;) {
          runs[i].dy = i + 1 == runs.size() ? all.dy : runs[i + 1].dx;
          runs[i].backward();
        }
        all.forward();
        all.backward();
        for (Index example = 0; example < 3; ++example) {
          const Index length = shorter ? all.lengths[static_cast<std::size_t>(example)] : 23;
          const Index outputs = fused->output_shape({1, length}).size();
          EXPECT_EQ(all.y.col(example).head(outputs), runs[2].y.col(example).head(outputs));
          EXPECT_LE((all.dx.col(example) - runs[0].dx.col(example)).head(length).norm(),
                    1e-6 * runs[0].dx.col(example).head(length).norm());
        }
        EXPECT_EQ(all.gradient, runs[0].gradient);
      }
    }
  }
}

TEST(Fusion, IsRefusedForOtherLayers) {
  const core::Json relu = {{"layer", "relu"}};
  const core::Json pool = {{"layer", "max_pool"}};
  EXPECT_EQ(fuse({pool, relu}, {1, 8}), nullptr);
  EXPECT_EQ(fuse({relu, relu}, {1, 8}), nullptr);
  const core::Json convolution = {{"layer", "conv1d"}, {"channels", 16}};
  EXPECT_EQ(fuse({convolution, relu}, {1, 8}), nullptr);
  EXPECT_EQ(fuse({convolution, relu, pool}, {2, 8}), nullptr) << "two channels";
}

}  // namespace
}  // namespace ser::nn
