#include <gtest/gtest.h>

#include "ser/nn/batch.h"

namespace ser::nn {
namespace {

static_assert(std::is_same_v<Scalar, double>, "central differences need double");

// The shape of the classic network with few channels.
core::Json small_classic() {
  return core::parse_json(R"([
      {"layer": "conv1d", "channels": 6, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2},
      {"layer": "conv1d", "channels": 5, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2},
      {"layer": "conv1d", "channels": 4, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "dropout", "rate": 0.2},
      {"layer": "conv1d", "channels": 3, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "flatten"},
      {"layer": "dense", "units": 8}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.3},
      {"layer": "dense", "units": 4}])",
                          "test");
}

TEST(NetworkGradient, OfAWholeBatchEqualsCentralDifferences) {
  const Network network(small_classic(), {1, 50});
  core::ThreadPool pool(1);
  core::RandomStream random(3);
  Vector parameters = network.initialize(random.fork("parameters"));
  // Biases of zero would leave their layers' gradients less tried than they should be.
  for (Index i = 0; i < parameters.size(); ++i) parameters[i] += 0.05 * random.normal();
  Matrix x(50, 11);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
  const std::vector<int> labels = {0, 1, 2, 3, 0, 1, 2, 3, 3, 3, 1};
  const std::vector<Index> examples = {4, 10, 0, 1, 7, 8, 2, 3, 9};
  const std::vector<Scalar> weights = {0.5, 2.0, 1.0, 0.75};
  BatchGradient batch(network, 9, 4, pool);
  Vector gradient;
  const auto loss = [&](Vector& into) {
    return batch.compute(parameters, x, labels, examples, weights, random.fork("epoch"), into).loss;
  };
  loss(gradient);
  const double largest = gradient.cwiseAbs().maxCoeff();
  ASSERT_GT(largest, 1e-3);
  Vector ignored;
  // The truncation error is of the order of step^2, rounding of 1e-16 / step.
  constexpr double kStep = 1e-6;
  for (Index i = 0; i < parameters.size(); ++i) {
    const double value = parameters[i];
    parameters[i] = value + kStep;
    const double above = loss(ignored);
    parameters[i] = value - kStep;
    const double below = loss(ignored);
    parameters[i] = value;
    ASSERT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-7 * largest) << "parameter " << i;
  }
}

}  // namespace
}  // namespace ser::nn
