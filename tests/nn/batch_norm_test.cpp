#include <cmath>

#include <gtest/gtest.h>

#include "ser/nn/running_statistics.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerRun;

// Channel `channel` of all steps of all examples.
std::vector<double> numbers_of(const Matrix& block, const Shape& shape, Index channel,
                               const std::vector<Index>& lengths = {}) {
  std::vector<double> numbers;
  for (Index example = 0; example < block.cols(); ++example) {
    const Index steps = lengths.empty() ? shape.time : lengths[static_cast<std::size_t>(example)];
    for (Index t = 0; t < steps; ++t) {
      numbers.push_back(block(t * shape.channels + channel, example));
    }
  }
  return numbers;
}

double mean_of(const std::vector<double>& numbers) {
  double sum = 0.0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

// Divided by the number of numbers.
double variance_of(const std::vector<double>& numbers) {
  const double mean = mean_of(numbers);
  double sum = 0.0;
  for (const double number : numbers) sum += (number - mean) * (number - mean);
  return sum / static_cast<double>(numbers.size());
}

TEST(BatchNorm, TrainingGivesEachChannelItsShiftAndGain) {
  const auto layer = make_layer({{"layer", "batch_norm"}, {"epsilon", 1e-8}});
  const Shape shape{19, 6};
  LayerRun run(*layer, shape, 5, Mode::kTraining);
  run.x.array() = 3 * run.x.array() + 10;
  run.lengths = {6, 1, 4, 6, 2};
  run.forward();
  for (Index channel = 0; channel < shape.channels; ++channel) {
    const auto numbers = numbers_of(run.y, shape, channel, run.lengths);
    EXPECT_NEAR(mean_of(numbers), run.parameters[shape.channels + channel], 1e-5);
    EXPECT_NEAR(std::sqrt(variance_of(numbers)), std::abs(run.parameters[channel]), 1e-5);
  }
}

TEST(BatchNorm, RunningStatisticsFollowTheUnbiasedOnesOfTheBlock) {
  const auto layer = make_layer({{"layer", "batch_norm"}, {"rate", 0.25}});
  const Shape shape{3, 4};
  LayerRun run(*layer, shape, 5, Mode::kTraining);
  run.forward();
  run.backward();
  for (Index channel = 0; channel < shape.channels; ++channel) {
    const auto numbers = numbers_of(run.x, shape, channel);
    const Index mean = 2 * shape.channels + channel;
    const Index variance = 3 * shape.channels + channel;
    EXPECT_NEAR(run.gradient[mean], 0.25 * (mean_of(numbers) - run.parameters[mean]), 1e-6);
    EXPECT_NEAR(run.gradient[variance],
                0.25 * (variance_of(numbers) * 20 / 19 - run.parameters[variance]), 1e-6);
  }
}

TEST(BatchNorm, ASingleNumberGivesTheShiftAndMovesNothing) {
  const auto layer = make_layer({{"layer", "batch_norm"}});
  LayerRun run(*layer, {2, 1}, 1, Mode::kTraining);
  run.forward();
  run.backward();
  EXPECT_TRUE(run.y.isApprox(run.parameters.segment(2, 2), 1e-6F));
  EXPECT_TRUE(run.gradient.tail(4).isZero(0));
}

TEST(BatchNorm, RoundingTakesNoRunningVarianceBelowZero) {
  const Network network(core::Json::array({{{"layer", "batch_norm"}}}), {2, 3});
  RunningStatistics running(network);
  Vector parameters = network.initialize(core::RandomStream(1));
  Vector gradient = Vector::Zero(network.num_parameters());
  gradient.tail(4) << -2, 0.5F, -1.000001F, -0.25F;  // of two means and two variances, which are 1
  running.take(parameters, gradient);
  running.put(parameters);
  EXPECT_EQ(parameters[4], -2);
  EXPECT_EQ(parameters[6], 0);
  EXPECT_EQ(parameters[7], Scalar{0.75F});
}

TEST(BatchNorm, InferenceUsesTheRunningStatistics) {
  const auto layer = make_layer({{"layer", "batch_norm"}, {"epsilon", 0.01}});
  LayerRun run(*layer, {1, 2}, 1, Mode::kInference);
  run.parameters << 2, 5, 3, 0.24F;  // gain, shift, mean, variance
  run.x << 4, 3;
  run.forward();
  EXPECT_NEAR(run.y(0, 0), 2 * (4 - 3) / 0.5 + 5, 1e-5);
  EXPECT_NEAR(run.y(1, 0), 5, 1e-5);
  // whatever a file holds, the result is finite
  run.parameters[3] = -1e30F;
  run.forward();
  EXPECT_NEAR(run.y(0, 0), 2 * (4 - 3) / 0.1 + 5, 1e-4);
}

TEST(BatchNorm, StartsAsTheIdentityInInference) {
  const auto layer = make_layer({{"layer", "batch_norm"}});
  LayerRun run(*layer, {3, 5}, 2, Mode::kInference);
  layer->initialize({3, 5}, Parameters(run.parameters.data(), run.parameters.size()),
                    core::RandomStream(1));
  run.forward();
  EXPECT_TRUE(run.y.isApprox(run.x, 1e-5F));
}

}  // namespace
}  // namespace ser::nn
