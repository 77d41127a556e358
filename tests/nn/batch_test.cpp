#include "ser/nn/batch.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/loss.h"
#include "ser/nn/optimizer.h"
#include "ser/nn/prepared_parameters.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

constexpr Index kInputs = 40;
constexpr int kClasses = 3;

core::Json batch_layers() {
  return core::parse_json(R"([
      {"layer": "conv1d", "channels": 9, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "dropout", "rate": 0.3},
      {"layer": "conv1d", "channels": 6, "kernel": 3}, {"layer": "relu"}, {"layer": "flatten"},
      {"layer": "dense", "units": 10}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.2},
      {"layer": "dense", "units": 3}])",
                          "test");
}

struct BatchData {
  BatchData() : x(test::random_matrix(kInputs, 30, core::RandomStream(8))) {
    for (int i = 0; i < 30; ++i) {
      labels.push_back(i % kClasses);
      examples.push_back((i * 7) % 30);
    }
  }
  std::span<const Index> first(std::size_t count) const {
    return std::span<const Index>(examples).first(count);
  }

  Matrix x;
  std::vector<int> labels;
  std::vector<Index> examples;
};

TEST(BatchGradient, TheNumberOfWorkersDoesNotChangeABit) {
  const Network network(batch_layers(), {1, kInputs});
  const BatchData data;
  Vector expected_gradient;
  Vector expected_parameters;
  BatchGradient::Result expected;
  for (const int jobs : {1, 2, 3}) {
    for (int round = 0; round < 3; ++round) {
      core::ThreadPool pool(jobs);
      Vector parameters = network.initialize(core::RandomStream(1));
      BatchGradient batch(network, 27, 4, pool);
      Adam adam({}, network.num_parameters());
      Vector gradient;
      BatchGradient::Result result;
      for (std::uint64_t step = 0; step < 3; ++step) {
        result = batch.compute(parameters, data.x, data.labels, data.first(27), {},
                               core::RandomStream(2).fork(step), gradient);
        adam.step(parameters, gradient, pool);
      }
      if (expected_gradient.size() == 0) {
        expected = result;
        expected_gradient = gradient;
        expected_parameters = parameters;
      }
      EXPECT_EQ(result.loss, expected.loss);
      EXPECT_EQ(result.correct, expected.correct);
      EXPECT_EQ(gradient, expected_gradient);
      EXPECT_EQ(parameters, expected_parameters);
    }
  }
}

TEST(BatchGradient, AnExampleMeetsTheSameNumbersInAnyShard) {
  const Network network(batch_layers(), {1, kInputs});
  const BatchData data;
  core::ThreadPool pool(1);
  const Vector parameters = network.initialize(core::RandomStream(1));
  const std::vector<Scalar> weights = {1.0F, 0.25F, 4.0F};
  Vector expected;
  double loss = 0.0;
  std::int64_t correct = 0;
  for (const Index shard_size : {1, 3, 8, 30, 100}) {
    BatchGradient batch(network, 30, shard_size, pool);
    Vector gradient;
    const auto result = batch.compute(parameters, data.x, data.labels, data.examples, weights,
                                      core::RandomStream(2), gradient);
    if (expected.size() == 0) {
      expected = gradient;
      loss = result.loss;
      correct = result.correct;
    }
    EXPECT_NEAR(result.loss, loss, 1e-12);
    EXPECT_EQ(result.correct, correct);
    EXPECT_LE((gradient - expected).cwiseAbs().maxCoeff(), 1e-5 * expected.cwiseAbs().maxCoeff());
  }
}

TEST(BatchGradient, IsTheMeanOverTheBatchWhateverItsSizeAndWhatCameBefore) {
  const Network network(batch_layers(), {1, kInputs});
  const BatchData data;
  core::ThreadPool pool(2);
  const Vector parameters = network.initialize(core::RandomStream(1));
  BatchGradient batch(network, 30, 4, pool);
  Vector gradient;
  Vector sum = Vector::Zero(network.num_parameters());
  double loss = 0.0;
  std::int64_t correct = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    const std::vector<Index> one = {data.examples[i]};
    const auto result =
        batch.compute(parameters, data.x, data.labels, one, {}, core::RandomStream(2), gradient);
    sum += gradient;
    loss += result.loss;
    correct += result.correct;
    EXPECT_TRUE(result.correct == 0 || result.correct == 1);
  }
  const auto result = batch.compute(parameters, data.x, data.labels, data.first(10), {},
                                    core::RandomStream(2), gradient);
  EXPECT_NEAR(result.loss, loss / 10, 1e-9);
  EXPECT_EQ(result.correct, correct);
  EXPECT_LE((gradient - sum / 10).cwiseAbs().maxCoeff(), 1e-5 * gradient.cwiseAbs().maxCoeff());
}

TEST(BatchGradient, CountsTheFirstOfTheLargestLogits) {
  const Network network(core::parse_json(R"([{"layer": "relu"}])", "test"), {3, 1});
  core::ThreadPool pool(1);
  Matrix x(3, 3);
  x << 1, 5, 0,  //
      2, 5, 0,   //
      3, 1, 0;
  const std::vector<Index> examples = {0, 1, 2};
  BatchGradient batch(network, 3, 2, pool);
  Vector gradient;
  const auto correct = [&](const std::vector<int>& labels) {
    return batch.compute(Vector(0), x, labels, examples, {}, core::RandomStream(1), gradient)
        .correct;
  };
  EXPECT_EQ(correct({2, 0, 0}), 3);
  EXPECT_EQ(correct({2, 1, 0}), 2);
  EXPECT_EQ(correct({0, 2, 1}), 0);
}

TEST(BatchGradient, RefusesWhatDoesNotFit) {
  const Network network(batch_layers(), {1, kInputs});
  BatchData data;
  core::ThreadPool pool(1);
  EXPECT_THROW(BatchGradient(network, 0, 4, pool), core::ConfigError);
  EXPECT_THROW(BatchGradient(network, 4, 0, pool), core::ConfigError);
  BatchGradient batch(network, 4, 4, pool);
  const Vector parameters = network.initialize(core::RandomStream(1));
  Vector gradient;
  const auto compute = [&](const Vector& p, const Matrix& x, const std::vector<Index>& examples,
                           const std::vector<Scalar>& weights) {
    batch.compute(p, x, data.labels, examples, weights, core::RandomStream(1), gradient);
  };
  EXPECT_NO_THROW(compute(parameters, data.x, {0, 29, 2, 3}, {1, 1, 1}));
  EXPECT_THROW(compute(parameters, data.x, {}, {}), core::ConfigError);
  EXPECT_THROW(compute(parameters, data.x, {0, 1, 2, 3, 4}, {}), core::ConfigError);
  EXPECT_THROW(compute(parameters, data.x, {30}, {}), core::ConfigError);
  EXPECT_THROW(compute(parameters, data.x, {-1}, {}), core::ConfigError);
  EXPECT_THROW(compute(parameters, data.x, {0}, {1, 1}), core::ConfigError);
  EXPECT_THROW(compute(parameters.head(3), data.x, {0}, {}), core::ConfigError);
  EXPECT_THROW(compute(parameters, data.x.topRows(3), {0}, {}), core::ConfigError);
  data.labels[0] = kClasses;
  EXPECT_THROW(compute(parameters, data.x, {0}, {}), core::ConfigError);
  data.labels[0] = -1;
  EXPECT_THROW(compute(parameters, data.x, {0}, {}), core::ConfigError);
}

TEST(PredictLogits, GivesEveryExampleTheSameBitsInAnyCompany) {
  const Network network(batch_layers(), {1, kInputs});
  const BatchData data;
  const Vector parameters = network.initialize(core::RandomStream(1));
  core::ThreadPool one(1);
  const Matrix logits = predict_logits(network, parameters, data.x, one);
  ASSERT_EQ(logits.rows(), kClasses);
  ASSERT_EQ(logits.cols(), 30);
  for (const int jobs : {2, 3}) {
    core::ThreadPool pool(jobs);
    EXPECT_EQ(predict_logits(network, parameters, data.x, pool), logits);
  }
  Workspace workspace(network, 30, Mode::kInference);
  EXPECT_EQ(
      network.forward(parameters, PreparedParameters(network, parameters),
                      ConstBlock(data.x.data(), kInputs, 30), Mode::kInference, {}, workspace),
      logits);
  for (Index i = 0; i < 30; ++i) {
    EXPECT_EQ(predict_logits(network, parameters, data.x.col(i), one), logits.col(i));
  }
  EXPECT_EQ(predict_logits(network, parameters, Matrix(kInputs, 0), one).cols(), 0);
  EXPECT_THROW(predict_logits(network, parameters, data.x.topRows(3), one), core::ConfigError);
}

}  // namespace
}  // namespace ser::nn
