#include "nn/fusion.h"

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

TEST(Fusion, OfARectifierAndMaxPoolingGivesTheirNumbers) {
  const auto relu = make_layer({{"layer", "relu"}});
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 12}, Shape{40, 9}}) {
    for (const char* padding : {"same", "valid"}) {
      const auto pool = make_layer(
          {{"layer", "max_pool"}, {"size", shape.time > 4 ? 5 : 1}, {"padding", padding}});
      const auto fused = fuse_layers(*relu, *pool);
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
  const auto fused =
      fuse_layers(*make_layer({{"layer", "relu"}}), *make_layer({{"layer", "max_pool"}}));
  LayerRun run(*fused, {1, 4}, 1, Mode::kInference);
  run.x << -1, std::numeric_limits<Scalar>::quiet_NaN(), -2, 3;
  run.forward();
  EXPECT_TRUE(std::isnan(run.y(0, 0)));
  EXPECT_EQ(run.y(1, 0), 3);
}

TEST(Fusion, IsRefusedForOtherPairs) {
  const auto relu = make_layer({{"layer", "relu"}});
  const auto pool = make_layer({{"layer", "max_pool"}});
  EXPECT_EQ(fuse_layers(*pool, *relu), nullptr);
  EXPECT_EQ(fuse_layers(*relu, *relu), nullptr);
}

}  // namespace
}  // namespace ser::nn
