// Examples of different numbers of steps in one batch, in a whole network. What each layer makes of
// them is tested by tests/contract/layers_contract_test.cpp.
#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/batch.h"
#include "ser/nn/optimizer.h"
#include "ser/nn/running_statistics.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

constexpr Index kChannels = 3;
constexpr Index kTime = 20;

core::Json layers_with_norm(const char* norm) {
  return core::parse_json(std::string(R"([
      {"layer": "conv1d", "channels": 17, "kernel": 5}, {"layer": ")") +
                              norm + R"("}, {"layer": "relu"},
      {"layer": "max_pool", "size": 3, "stride": 2}, {"layer": "channel_dropout"},
      {"layer": "residual", "layers": [{"layer": "conv1d", "channels": 17, "kernel": 5},
                                       {"layer": "squeeze_excitation"}]},
      {"layer": "statistics_pool"}, {"layer": "dense", "units": 4}])",
                          "test");
}

struct PaddedData {
  PaddedData() : x(test::random_matrix(kChannels * kTime, 24, core::RandomStream(8))) {
    for (Index i = 0; i < 24; ++i) {
      labels.push_back(static_cast<int>(i % 4));
      examples.push_back((i * 7) % 24);
      lengths.push_back(1 + (i * 11) % kTime);
      x.col(i).tail((kTime - lengths.back()) * kChannels).setConstant(NAN);
    }
  }

  Matrix x;
  std::vector<int> labels;
  std::vector<Index> examples;
  std::vector<Index> lengths;
};

TEST(Lengths, AnExampleIsScoredAsAlone) {
  const Network network(layers_with_norm("batch_norm"), {kChannels, kTime});
  const PaddedData data;
  core::ThreadPool pool(2);
  const Vector parameters = network.initialize(core::RandomStream(1));
  const Matrix logits = predict_logits(network, parameters, data.x, pool, data.lengths);
  EXPECT_TRUE(logits.allFinite());
  for (std::size_t i = 0; i < data.lengths.size(); ++i) {
    const Index length = data.lengths[i];
    const Network own(layers_with_norm("batch_norm"), {kChannels, length});
    const Matrix x = data.x.col(static_cast<Index>(i)).head(kChannels * length);
    EXPECT_EQ(predict_logits(own, parameters, x, pool), logits.col(static_cast<Index>(i)))
        << length;
  }
}

TEST(Lengths, TheGradientIsThatOfTheExamplesAlone) {
  const Network network(layers_with_norm("layer_norm"), {kChannels, kTime});
  const PaddedData data;
  core::ThreadPool pool(2);
  const core::RandomStream random(2);
  const Vector parameters = network.initialize(core::RandomStream(1));
  BatchGradient batch(network, 24, 5, pool);
  Vector gradient;
  const auto result = batch.compute(parameters, data.x, data.labels, data.examples, {}, random,
                                    gradient, {.lengths = data.lengths});
  Vector sum = Vector::Zero(gradient.size());
  double loss = 0.0;
  for (const Index example : data.examples) {
    const Index length = data.lengths[static_cast<std::size_t>(example)];
    const Network own(layers_with_norm("layer_norm"), {kChannels, length});
    // The same place in the data, so that it meets the same random numbers.
    const Matrix x = data.x.topRows(kChannels * length);
    BatchGradient single(own, 1, 1, pool);
    Vector part;
    loss +=
        single.compute(parameters, x, data.labels, std::vector<Index>{example}, {}, random, part)
            .loss;
    sum += part;
  }
  EXPECT_NEAR(result.loss, loss / 24, 1e-6);
  EXPECT_LE((gradient - sum / 24).cwiseAbs().maxCoeff(), 1e-5 * gradient.cwiseAbs().maxCoeff());
}

TEST(Lengths, TheNumberOfWorkersDoesNotChangeABit) {
  const Network network(layers_with_norm("batch_norm"), {kChannels, kTime});
  const PaddedData data;
  Vector expected;
  for (const int jobs : {1, 2, 3}) {
    core::ThreadPool pool(jobs);
    Vector parameters = network.initialize(core::RandomStream(1));
    BatchGradient batch(network, 24, 5, pool);
    Adam adam({}, network.num_parameters());
    RunningStatistics running(network);
    Vector gradient;
    for (std::uint64_t step = 0; step < 3; ++step) {
      batch.compute(parameters, data.x, data.labels, data.examples, {},
                    core::RandomStream(2).fork(step), gradient, {.lengths = data.lengths});
      running.take(parameters, gradient);
      adam.step(parameters, gradient, pool);
      running.put(parameters);
    }
    EXPECT_TRUE(parameters.allFinite());
    if (jobs == 1) expected = parameters;
    EXPECT_EQ(parameters, expected) << jobs;
  }
}

// A mixture is as long as the longer example.
TEST(Lengths, OfAMixture) {
  const Network network(core::parse_json(R"([{"layer": "global_average_pool"}])", "test"), {2, 4});
  core::ThreadPool pool(1);
  Matrix x = Matrix::Constant(8, 2, NAN);
  x.col(0).head(2) << 2, 4;        // one step
  x.col(1).head(4) << 8, 0, 8, 0;  // two
  const std::vector<Index> lengths = {1, 2};
  const std::vector<Mixture> mixtures = {{1, 0.5F}};
  BatchGradient batch(network, 1, 1, pool);
  Vector gradient;
  const double loss =
      batch
          .compute(Vector(0), x, std::vector<int>{0, 0}, std::vector<Index>{0}, {},
                   core::RandomStream(1), gradient, {.lengths = lengths, .mixtures = mixtures})
          .loss;
  // steps (1 + 4, 2 + 0) and (4, 0), so means 4.5 and 1
  EXPECT_NEAR(loss, std::log(1 + std::exp(1 - 4.5)), 1e-6);
}

TEST(Lengths, AreRefusedWhereTheyDoNotFit) {
  const auto error_of = [](const char* text, const std::vector<Index>& lengths) -> std::string {
    const Network network(core::parse_json(text, "test"), {2, 6});
    core::ThreadPool pool(1);
    try {
      predict_logits(network, network.initialize(core::RandomStream(1)), Matrix::Zero(12, 2), pool,
                     lengths);
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_NETWORK_SHAPE");
      return error.what();
    }
    return "";
  };
  const char* const pooled = R"([{"layer": "conv1d", "kernel": 3, "padding": "valid"},
                                 {"layer": "global_max_pool"}])";
  EXPECT_EQ(error_of(pooled, {6, 3}), "");
  EXPECT_NE(error_of(pooled, {6, 2}), "");
  EXPECT_NE(error_of(pooled, {6, 0}), "");
  EXPECT_NE(error_of(pooled, {6, 7}), "");
  EXPECT_NE(error_of(pooled, {6}), "");
  const char* const flat = R"([{"layer": "flatten"}, {"layer": "dense", "units": 2}])";
  EXPECT_EQ(error_of(flat, {6, 6}), "");
  EXPECT_NE(error_of(flat, {6, 5}).find("flatten takes examples of one length only"),
            std::string::npos);
  EXPECT_NE(error_of(R"([{"layer": "relu"}])", {6, 5}), "");
}

TEST(RunningStatistics, MoveByTheirChangesAndByNothingElse) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 2},
                                             {"layer": "batch_norm"}])",
                                         "test"),
                        {1, 1});
  // dense: 4 parameters, batch_norm: gain 2, shift 2, statistics 4
  ASSERT_EQ(network.statistics().size(), 1U);
  EXPECT_EQ(network.statistics()[0].begin, 8);
  EXPECT_EQ(network.statistics()[0].size, 4);
  Vector parameters = Vector::LinSpaced(12, 1, 12);
  Vector gradient = Vector::Constant(12, 0.5F);
  RunningStatistics running(network);
  running.take(parameters, gradient);
  EXPECT_TRUE(gradient.tail(4).isZero(0));
  EXPECT_TRUE(gradient.head(8).isConstant(0.5F));
  parameters.setConstant(-3);
  running.put(parameters);
  EXPECT_TRUE(parameters.head(8).isConstant(-3));
  EXPECT_EQ(parameters.tail(4), (Vector(4) << 9.5F, 10.5F, 11.5F, 12.5F).finished());
}

// Shards of three and one: their changes count by their numbers of examples.
TEST(RunningStatistics, ChangesAreAveragedOverTheShardsOfABatch) {
  const Network network(
      core::parse_json(R"([{"layer": "batch_norm", "rate": 0.5}, {"layer": "global_max_pool"}])",
                       "test"),
      {1, 2});
  core::ThreadPool pool(2);
  const Vector parameters = network.initialize(core::RandomStream(1));
  const Matrix x = test::random_matrix(2, 4, core::RandomStream(2));
  BatchGradient batch(network, 4, 3, pool);
  Vector gradient;
  batch.compute(parameters, x, std::vector<int>(4, 0), std::vector<Index>{0, 1, 2, 3}, {},
                core::RandomStream(1), gradient);
  EXPECT_NEAR(gradient[2], 0.5 * x.mean(), 1e-6);
}

}  // namespace
}  // namespace ser::nn
