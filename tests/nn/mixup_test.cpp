#include "ser/nn/mixup.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/batch.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

TEST(SymmetricBeta, HasItsMeanAndVariance) {
  for (const double alpha : {0.2, 1.0, 3.0}) {
    core::RandomStream random(3);
    constexpr int kCount = 20000;
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < kCount; ++i) {
      const double x = draw_symmetric_beta(alpha, random);
      ASSERT_TRUE(x >= 0.0 && x <= 1.0);
      sum += x;
      squares += (x - 0.5) * (x - 0.5);
    }
    // Five standard errors; the fourth central moment is below that of two points at 0 and 1.
    const double variance = 1 / (4 * (2 * alpha + 1));
    EXPECT_NEAR(sum / kCount, 0.5, 5 * std::sqrt(variance / kCount)) << alpha;
    EXPECT_NEAR(squares / kCount, variance, 5 * std::sqrt(1.0 / 16 / kCount)) << alpha;
  }
}

TEST(SymmetricBeta, IsANumberForTheLeastAlpha) {
  core::RandomStream random(4);
  for (int i = 0; i < 1000; ++i) {
    const double x = draw_symmetric_beta(1e-6, random);
    EXPECT_TRUE(x >= 0.0 && x <= 1.0);
  }
}

TEST(Mixup, PairsEachExampleWithOneOfItsBatch) {
  const std::vector<Index> examples = {7, 3, 11, 20, 5};
  std::vector<Mixture> mixtures(5);
  draw_mixtures(examples, 0.4, core::RandomStream(1), mixtures);
  std::vector<Index> partners;
  for (const Mixture& mixture : mixtures) {
    partners.push_back(mixture.partner);
    EXPECT_TRUE(mixture.share >= 0.5F && mixture.share <= 1);
  }
  EXPECT_NE(partners, examples);
  std::ranges::sort(partners);
  EXPECT_EQ(partners, (std::vector<Index>{3, 5, 7, 11, 20}));
  std::vector<Mixture> again(5);
  draw_mixtures(examples, 0.4, core::RandomStream(1), again);
  EXPECT_EQ(again[2].share, mixtures[2].share);
}

// The network is linear in x and the loss in the target, so a mixture can be put together by hand.
TEST(Mixup, MixesNumbersTargetsAndClassWeights) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 3}])", "test"), {4, 1});
  const core::RandomStream random(2);
  const Vector parameters = network.initialize(random);
  const Matrix x = test::random_matrix(4, 2, random.fork("x"));
  const std::vector<int> labels = {2, 0};
  const std::vector<Scalar> weights = {0.5F, 1, 2};
  core::ThreadPool pool(1);
  BatchGradient batch(network, 2, 2, pool);
  Vector gradient;
  const std::vector<Mixture> mixtures = {{1, 0.75F}};
  const std::vector<Index> examples = {0};
  const double loss = batch
                          .compute(parameters, x, labels, examples, weights, random, gradient,
                                   {.label_smoothing = 0.3, .mixtures = mixtures})
                          .loss;
  const Eigen::VectorXd mixed = (0.75F * x.col(0) + 0.25F * x.col(1)).cast<double>();
  const Eigen::VectorXd logits =
      Eigen::Map<const Matrix>(parameters.data(), 3, 4).cast<double>() * mixed +
      parameters.tail(3).cast<double>();
  const double normaliser = std::log(logits.array().exp().sum());
  const auto smoothed = [&](int label) {
    double sum = 0.0;
    for (int c = 0; c < 3; ++c) {
      sum += ((c == label ? 0.7 : 0.0) + 0.1) * (normaliser - logits[c]);
    }
    return sum;
  };
  EXPECT_NEAR(loss, 0.75 * 2 * smoothed(2) + 0.25 * 0.5 * smoothed(0), 1e-6);
}

TEST(Mixup, OfAnExampleWithItselfChangesNothing) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 3}])", "test"), {4, 1});
  const core::RandomStream random(2);
  const Vector parameters = network.initialize(random);
  const Matrix x = test::random_matrix(4, 2, random.fork("x"));
  const std::vector<int> labels = {2, 0};
  const std::vector<Index> examples = {0, 1};
  const std::vector<Mixture> mixtures = {{0, 1}, {1, 1}};
  core::ThreadPool pool(1);
  BatchGradient batch(network, 2, 2, pool);
  Vector plain;
  Vector mixed;
  batch.compute(parameters, x, labels, examples, {}, random, plain);
  batch.compute(parameters, x, labels, examples, {}, random, mixed, {.mixtures = mixtures});
  EXPECT_EQ(plain, mixed);
}

TEST(Mixup, RefusesWhatDoesNotFit) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 3}])", "test"), {4, 1});
  const core::RandomStream random(2);
  const Vector parameters = network.initialize(random);
  const Matrix x = test::random_matrix(4, 2, random);
  core::ThreadPool pool(1);
  BatchGradient batch(network, 2, 2, pool);
  Vector gradient;
  const auto compute = [&](const BatchGradient::Options& options) {
    batch.compute(parameters, x, std::vector<int>{2, 0}, std::vector<Index>{0, 1}, {}, random,
                  gradient, options);
  };
  EXPECT_NO_THROW(compute({}));
  EXPECT_THROW(compute({.label_smoothing = -0.1}), core::ConfigError);
  EXPECT_THROW(compute({.label_smoothing = NAN}), core::ConfigError);
  EXPECT_THROW(compute({.mixtures = std::vector<Mixture>{{0, 1}}}), core::ConfigError);
  EXPECT_THROW(compute({.mixtures = std::vector<Mixture>{{0, 1}, {2, 1}}}), core::ConfigError);
  EXPECT_THROW(compute({.lengths = std::vector<Index>{1}}), core::ConfigError);
  EXPECT_THROW(compute({.lengths = std::vector<Index>{1, 2}}), core::ConfigError);
  EXPECT_THROW(compute({.lengths = std::vector<Index>{0, 1}}), core::ConfigError);
}

}  // namespace
}  // namespace ser::nn
