#include <cmath>

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

TEST(Dropout, DropsItsRateAndKeepsTheMean) {
  for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
    const auto layer = make_layer({{"layer", "dropout"}, {"rate", rate}});
    constexpr Index kSize = 10000;
    constexpr Index kExamples = 4;
    LayerRun run(*layer, {kSize, 1}, kExamples, Mode::kTraining);
    run.x.setOnes();
    run.forward();
    const auto kept = static_cast<Scalar>(1.0 / (1.0 - rate));
    EXPECT_TRUE((run.y.array() == Scalar{0} || run.y.array() == kept).all());
    const double dropped =
        static_cast<double>((run.y.array() == Scalar{0}).count()) / (kSize * kExamples);
    // five standard deviations of a binomial share
    EXPECT_NEAR(dropped, rate, 5 * std::sqrt(rate * (1 - rate) / (kSize * kExamples)));
  }
}

TEST(Dropout, IsTheIdentityInInference) {
  const auto layer = make_layer({{"layer", "dropout"}, {"rate", 0.5}});
  LayerRun run(*layer, {7, 5}, 3, Mode::kInference);
  run.streams.clear();
  run.forward();
  EXPECT_EQ(run.y, run.x);
  run.backward();
  EXPECT_EQ(run.dx, run.dy);
}

TEST(Dropout, GradientsPassWhereNumbersDid) {
  const auto layer = make_layer({{"layer", "dropout"}, {"rate", 0.5}});
  LayerRun run(*layer, {50, 1}, 2, Mode::kTraining);
  run.x.setOnes();
  run.dy.setOnes();
  run.forward();
  run.backward();
  EXPECT_EQ(run.dx, run.y);
}

TEST(Dropout, DiffersBetweenExamplesAndLayersAndEpochs) {
  const auto layer = make_layer({{"layer", "dropout"}, {"rate", 0.5}});
  const Matrix x = Matrix::Ones(64, 2);
  const auto run = [&](std::uint64_t epoch, Index layer_index) {
    const core::RandomStream root = core::RandomStream(1).fork(epoch);
    const std::vector<core::RandomStream> streams = {root.fork(0), root.fork(1)};
    Matrix y(64, 2);
    Vector scratch(layer->scratch_size({64, 1}, 2));
    layer->forward({Mode::kTraining, {64, 1}, layer_index, streams}, ConstParameters(nullptr, 0),
                   ConstBlock(x.data(), 64, 2), Block(y.data(), 64, 2),
                   {scratch.data(), static_cast<std::size_t>(scratch.size())});
    return y;
  };
  const Matrix y = run(0, 0);
  EXPECT_EQ(run(0, 0), y);
  EXPECT_NE(y.col(0), y.col(1));
  EXPECT_NE(run(1, 0), y);
  EXPECT_NE(run(0, 1), y);
}

}  // namespace
}  // namespace ser::nn
