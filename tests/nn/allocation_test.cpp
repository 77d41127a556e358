#include <gtest/gtest.h>

#include "ser/nn/batch.h"
#include "ser/nn/gradient_norm.h"
#include "ser/nn/optimizer.h"
#include "ser/nn/running_statistics.h"

#include "nn/layer_cases.h"
#include "nn/layer_run.h"
#include "support/allocations.h"

namespace ser::nn {
namespace {

class Allocation : public testing::Test {
 protected:
  void SetUp() override {
    if (!ser::test::counts_allocations()) GTEST_SKIP() << "the sanitizer has its own malloc";
  }
};

TEST_F(Allocation, IsSeen) {
  const long before = ser::test::allocations();
  const Vector eigen = Vector::Zero(1000);
  EXPECT_GT(ser::test::allocations(), before) << eigen.sum();
  const long between = ser::test::allocations();
  const std::vector<int> standard(1000);
  EXPECT_GT(ser::test::allocations(), between) << standard.size();
}

TEST_F(Allocation, NoLayerDoesItInItsPasses) {
  for (const test::LayerCase& layer_case : test::layer_cases()) {
    const auto layer = make_layer(layer_case.json);
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      test::LayerRun run(*layer, layer_case.input, 3, mode);
      const long before = ser::test::allocations();
      run.forward();
      run.backward();
      EXPECT_EQ(ser::test::allocations(), before) << layer_case.name;
    }
  }
}

// Of full size, because it is large products for which Eigen wants memory.
TEST_F(Allocation, NoStepOfTheClassicNetworkDoesIt) {
  const Network network(core::parse_json(R"([
      {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2},
      {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "dropout", "rate": 0.2},
      {"layer": "conv1d", "channels": 64, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "flatten"},
      {"layer": "dense", "units": 32}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.3},
      {"layer": "dense", "units": 7}])",
                                         "test"),
                        {1, 162});
  core::ThreadPool pool(2);
  const core::RandomStream random(1);
  Vector parameters = network.initialize(random);
  const Matrix x = test::random_matrix(162, 6, random);
  const std::vector<int> labels = {0, 1, 2, 3, 4, 5};
  const std::vector<Index> examples = {5, 4, 3, 2, 1, 0};
  BatchGradient batch(network, 6, 2, pool);
  Adam adam({}, network.num_parameters());
  Vector gradient;
  const auto step = [&](std::uint64_t index) {
    batch.compute(parameters, x, labels, examples, {}, random.fork(index), gradient);
    adam.step(parameters, gradient, pool);
  };
  step(0);
  const long before = ser::test::allocations();
  step(1);
  step(2);
  EXPECT_EQ(ser::test::allocations(), before);
}

TEST_F(Allocation, NoStepOnMixedExamplesOfDifferentLengthsDoesIt) {
  const Network network(core::parse_json(R"([
      {"layer": "conv1d", "channels": 64, "kernel": 5, "dilation": 2}, {"layer": "batch_norm"},
      {"layer": "silu"}, {"layer": "channel_dropout"},
      {"layer": "residual", "layers": [{"layer": "conv1d", "channels": 64, "kernel": 5},
                                       {"layer": "batch_norm"}, {"layer": "gelu"},
                                       {"layer": "squeeze_excitation"}]},
      {"layer": "attentive_pool"}, {"layer": "dense", "units": 4}])",
                                         "test"),
                        {20, 50});
  core::ThreadPool pool(2);
  const core::RandomStream random(1);
  Vector parameters = network.initialize(random);
  const Matrix x = test::random_matrix(20 * 50, 6, random);
  const std::vector<int> labels = {0, 1, 2, 3, 0, 1};
  const std::vector<Index> examples = {5, 4, 3, 2, 1, 0};
  const std::vector<Index> lengths = {50, 1, 30, 49, 20, 7};
  std::vector<Mixture> mixtures(6);
  BatchGradient batch(network, 6, 2, pool);
  const auto optimizer = make_optimizer({.kind = "sgd"}, network.num_parameters());
  RunningStatistics running(network);
  Vector gradient;
  const auto step = [&](std::uint64_t index) {
    draw_mixtures(examples, 0.4, random.fork(index), mixtures);
    batch.compute(parameters, x, labels, examples, {}, random.fork(index), gradient,
                  {.lengths = lengths, .label_smoothing = 0.1, .mixtures = mixtures});
    running.take(parameters, gradient);
    limit_norm(gradient, 0.1);
    optimizer->step(parameters, gradient, pool);
    running.put(parameters);
  };
  step(0);
  const long before = ser::test::allocations();
  step(1);
  step(2);
  EXPECT_EQ(ser::test::allocations(), before);
}

}  // namespace
}  // namespace ser::nn
