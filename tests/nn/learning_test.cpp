#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "ser/nn/batch.h"
#include "ser/nn/optimizer.h"

namespace ser::nn {
namespace {

struct Examples {
  Matrix x;
  std::vector<int> labels;
};

// Trains on all of `training` at every step; returns how many of `test` are then told right.
Index train(const Network& network, const Examples& training, const Examples& test, int steps,
            double learning_rate) {
  core::ThreadPool pool(2);
  const core::RandomStream random(6);
  Vector parameters = network.initialize(random.fork("parameters"));
  OptimizerConfig config;
  config.learning_rate = learning_rate;
  Adam adam(config, network.num_parameters());
  BatchGradient batch(network, training.x.cols(), 8, pool);
  std::vector<Index> examples;
  for (Index i = 0; i < training.x.cols(); ++i) examples.push_back(i);
  Vector gradient;
  for (int step = 0; step < steps; ++step) {
    batch.compute(parameters, training.x, training.labels, examples, {},
                  random.fork(static_cast<std::uint64_t>(step)), gradient);
    adam.step(parameters, gradient, pool);
  }
  const Matrix logits = predict_logits(network, parameters, test.x, pool);
  Index correct = 0;
  for (Index i = 0; i < logits.cols(); ++i) {
    Index best = 0;
    logits.col(i).maxCoeff(&best);
    correct += best == test.labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return correct;
}

TEST(Learning, ExclusiveOr) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 16}, {"layer": "relu"},
                           {"layer": "dense", "units": 2}])",
                                         "test"),
                        {2, 1});
  Examples examples;
  examples.x.resize(2, 4);
  examples.x << 0, 0, 1, 1,  //
      0, 1, 0, 1;
  examples.labels = {0, 1, 1, 0};
  EXPECT_EQ(train(network, examples, examples, 200, 0.02), 4);
}

// Sines of two frequencies with random phases, in noise: only a network that looks at neighbouring
// steps together can tell them.
Examples sines(Index count, core::RandomStream random) {
  Examples examples;
  examples.x.resize(32, count);
  for (Index i = 0; i < count; ++i) {
    const int label = static_cast<int>(i % 2);
    const double cycles = label == 0 ? 0.1 : 0.25;
    const double phase = random.uniform(0.0, 1.0);
    for (Index t = 0; t < 32; ++t) {
      const double angle = 2 * std::numbers::pi * (cycles * static_cast<double>(t) + phase);
      examples.x(t, i) = static_cast<Scalar>(std::sin(angle) + 0.1 * random.normal());
    }
    examples.labels.push_back(label);
  }
  return examples;
}

TEST(Learning, TwoSinesThatItHasNotHeard) {
  const Network network(
      core::parse_json(R"([{"layer": "conv1d", "channels": 8, "kernel": 5}, {"layer": "relu"},
                           {"layer": "max_pool", "size": 5, "stride": 2},
                           {"layer": "conv1d", "channels": 8, "kernel": 5}, {"layer": "relu"},
                           {"layer": "max_pool", "size": 5, "stride": 2},
                           {"layer": "flatten"}, {"layer": "dropout", "rate": 0.2},
                           {"layer": "dense", "units": 2}])",
                       "test"),
      {1, 32});
  const Examples training = sines(64, core::RandomStream(1));
  const Examples test = sines(100, core::RandomStream(2));
  EXPECT_EQ(train(network, training, test, 60, 0.01), 100);
  // Untrained it guesses: the task is not solved by its construction.
  EXPECT_LT(train(network, training, test, 0, 0.01), 80);
}

}  // namespace
}  // namespace ser::nn
