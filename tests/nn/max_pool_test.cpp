#include <cmath>

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

std::unique_ptr<Layer> pool(int size, int stride, const char* padding = "same") {
  return make_layer(
      {{"layer", "max_pool"}, {"size", size}, {"stride", stride}, {"padding", padding}});
}

Matrix column(std::initializer_list<Scalar> values) {
  Matrix matrix(static_cast<Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), matrix.data());
  return matrix;
}

TEST(MaxPool, HalvesTheClassicNetworksTimeAsKerasDoes) {
  const auto layer = pool(5, 2);
  EXPECT_EQ(layer->output_shape({256, 162}), (Shape{256, 81}));
  EXPECT_EQ(layer->output_shape({256, 81}), (Shape{256, 41}));
  EXPECT_EQ(layer->output_shape({128, 41}), (Shape{128, 21}));
  EXPECT_EQ(layer->output_shape({64, 21}), (Shape{64, 11}));
}

TEST(MaxPool, PadsEvenAndOddLengthsAsKerasDoes) {
  const auto layer = pool(5, 2);
  // 6 steps: 3 windows, (3 - 1) * 2 + 5 - 6 = 3 padded steps, 1 before: windows -1..3, 1..5, 3..7
  LayerRun even(*layer, {1, 6}, 1, Mode::kInference);
  even.x = column({1, 2, 3, 4, 9, 5});
  even.forward();
  EXPECT_EQ(even.y, column({4, 9, 9}));
  // 5 steps: 3 windows, 4 padded steps, 2 before: windows -2..2, 0..4, 2..6
  LayerRun odd(*layer, {1, 5}, 1, Mode::kInference);
  odd.x = column({1, 2, 3, 9, 5});
  odd.forward();
  EXPECT_EQ(odd.y, column({3, 9, 9}));
}

TEST(MaxPool, PaddedStepsNeverWin) {
  const auto layer = pool(5, 2);
  LayerRun run(*layer, {1, 4}, 1, Mode::kInference);
  run.x = column({-5, -4, -6, -7});
  run.forward();
  EXPECT_EQ(run.y, column({-4, -4}));  // windows -1..3 and 1..5
}

TEST(MaxPool, ValidLeavesOutTheTail) {
  const auto layer = pool(2, 3, "valid");
  LayerRun run(*layer, {1, 7}, 1, Mode::kInference);
  run.x = column({1, 2, 9, 4, 3, 9, 9});
  run.forward();
  EXPECT_EQ(run.y, column({2, 4}));
}

TEST(MaxPool, ChannelsDoNotMix) {
  const auto layer = pool(2, 2);
  LayerRun run(*layer, {2, 4}, 1, Mode::kInference);
  run.x = column({1, 80, 2, 70, 3, 60, 4, 50});
  run.forward();
  EXPECT_EQ(run.y, column({2, 80, 4, 60}));
}

TEST(MaxPool, OfEqualsTheFirstGetsTheWholeGradient) {
  const auto layer = pool(3, 3, "valid");
  LayerRun run(*layer, {1, 6}, 1, Mode::kTraining);
  run.x = column({0, 7, 7, 0, 0, 0});
  run.dy = column({10, 20});
  run.forward();
  run.backward();
  EXPECT_EQ(run.dx, column({0, 10, 0, 20, 0, 0}));
}

TEST(MaxPool, OverlappingWindowsAddUp) {
  const auto layer = pool(3, 1, "valid");
  LayerRun run(*layer, {1, 5}, 1, Mode::kTraining);
  run.x = column({0, 1, 9, 1, 0});
  run.dy = column({1, 10, 100});
  run.forward();
  run.backward();
  EXPECT_EQ(run.dx, column({0, 0, 111, 0, 0}));
}

TEST(MaxPool, NanIsNotHidden) {
  const auto layer = pool(3, 3, "valid");
  for (Index place = 0; place < 3; ++place) {
    LayerRun run(*layer, {1, 3}, 1, Mode::kInference);
    run.x = column({1, 2, 3});
    run.x(place) = NAN;
    run.forward();
    EXPECT_TRUE(std::isnan(run.y(0))) << place;
  }
}

}  // namespace
}  // namespace ser::nn
