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

// A network over frames, with whatever depends on the shard or on the length of an example.
core::Json small_frame_network() {
  return core::parse_json(R"([
      {"layer": "conv1d", "channels": 17, "kernel": 5, "dilation": 2}, {"layer": "batch_norm"},
      {"layer": "gelu"}, {"layer": "average_pool"}, {"layer": "channel_dropout"},
      {"layer": "residual", "projection": 18,
       "layers": [{"layer": "conv1d", "channels": 18, "kernel": 5}, {"layer": "batch_norm"},
                  {"layer": "silu"}, {"layer": "depthwise_conv1d", "kernel": 3},
                  {"layer": "squeeze_excitation", "units": 3}]},
      {"layer": "layer_norm"}, {"layer": "attentive_pool", "units": 3},
      {"layer": "dense", "units": 4}])",
                          "test");
}

void check_network(const Network& network, const BatchGradient::Options& options) {
  core::ThreadPool pool(1);
  core::RandomStream random(3);
  Vector parameters = network.initialize(random.fork("parameters"));
  // Biases of zero would leave their layers' gradients less tried than they should be.
  for (Index i = 0; i < parameters.size(); ++i) parameters[i] += 0.05 * random.normal();
  Matrix x(network.input_shape().size(), 11);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
  const std::vector<int> labels = {0, 1, 2, 3, 0, 1, 2, 3, 3, 3, 1};
  const std::vector<Index> examples = {4, 10, 0, 1, 7, 8, 2, 3, 9};
  const std::vector<Scalar> weights = {0.5, 2.0, 1.0, 0.75};
  BatchGradient batch(network, 9, 4, pool);
  Vector gradient;
  const auto loss = [&](Vector& into) {
    return batch
        .compute(parameters, x, labels, examples, weights, random.fork("epoch"), into, options)
        .loss;
  };
  loss(gradient);
  // What stands in the place of statistics is no gradient.
  for (const ParameterRange& range : network.statistics()) {
    gradient.segment(range.begin, range.size).setZero();
  }
  const double largest = gradient.cwiseAbs().maxCoeff();
  ASSERT_GT(largest, 1e-3);
  Vector ignored;
  // The truncation error is of the order of step^2, rounding of 1e-16 / step.
  constexpr double kStep = 1e-6;
  // About a thousand of them.
  for (Index i = 0; i < parameters.size(); i += 1 + parameters.size() / 1000) {
    const double value = parameters[i];
    parameters[i] = value + kStep;
    const double above = loss(ignored);
    parameters[i] = value - kStep;
    const double below = loss(ignored);
    parameters[i] = value;
    ASSERT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-7 * largest) << "parameter " << i;
  }
}

TEST(NetworkGradient, OfAWholeBatchEqualsCentralDifferences) {
  check_network(Network(small_classic(), {1, 50}), {});
}

TEST(NetworkGradient, OfMixedExamplesOfDifferentLengthsEqualsCentralDifferences) {
  const std::vector<Index> lengths = {9, 1, 4, 12, 3, 7, 12, 2, 10, 5, 8};
  std::vector<Mixture> mixtures;
  for (Index i = 0; i < 9; ++i) mixtures.push_back({10 - i, 0.5 + 0.05 * static_cast<double>(i)});
  check_network(Network(small_frame_network(), {3, 12}),
                {.lengths = lengths, .label_smoothing = 0.1, .mixtures = mixtures});
}

}  // namespace
}  // namespace ser::nn
