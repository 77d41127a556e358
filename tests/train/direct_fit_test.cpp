#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/LU>
#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/batch.h"
#include "ser/train/fit.h"

namespace ser::train {
namespace {

// Two classes of four examples about (0, 0) and (4, 2), each (1, 1), (-1, -1), (1, 0) and (-1, 0)
// off. The covariance is [8 4; 4 4] / (8 - 2), its inverse [1.5 -1.5; -1.5 3].
Eigen::MatrixXf two_crosses() {
  Eigen::MatrixXf values(2, 8);
  values << 1, -1, 1, -1, 5, 3, 5, 3,  //
      1, -1, 0, 0, 3, 1, 2, 2;
  return values;
}

const std::vector<int> kLabels = {0, 0, 0, 0, 1, 1, 1, 1};

// By how much class 1 is before class 0.
struct Difference {
  Eigen::VectorXd weights;
  double bias;
};

Difference difference(const LinearDiscriminant& scores) {
  return {(scores.weights.row(1) - scores.weights.row(0)).transpose(),
          scores.bias(1) - scores.bias(0)};
}

void expect_difference(const LinearDiscriminant& scores, double first, double second, double bias) {
  const auto found = difference(scores);
  EXPECT_NEAR(found.weights(0), first, 1e-12);
  EXPECT_NEAR(found.weights(1), second, 1e-12);
  EXPECT_NEAR(found.bias, bias, 1e-12);
}

TEST(Discriminant, EqualsWhatIsComputedByHand) {
  const auto values = two_crosses();
  expect_difference(fit_discriminant(values, kLabels, 2, {}, {0.0}), 3, 0, -6);
  // half of it a sphere: [7/6 1/3; 1/3 5/6]
  expect_difference(fit_discriminant(values, kLabels, 2, {}, {0.5}), 96.0 / 31, 36.0 / 31,
                    -0.5 * (4 * 96.0 + 2 * 36.0) / 31);
  // all of it, with variance 1: the nearest mean
  expect_difference(fit_discriminant(values, kLabels, 2, {}, {1.0}), 4, 2, -10);
  const std::vector<float> weights = {1, 3};
  expect_difference(fit_discriminant(values, kLabels, 2, weights, {0.0}), 3, 0, -6 + std::log(3.0));
}

// The mean of the products is S = [1 .5; .5 .5]: variance .75, ||S||^2 1.75, distance from the
// sphere 1.75 / 2 - .75^2 = .3125; the fourth moments are 20, so the noise is (20 / 8 - 1.75) / 16.
TEST(Discriminant, EstimatesTheShrinkageAsLedoitAndWolf) {
  EXPECT_NEAR(fit_discriminant(two_crosses(), kLabels, 2, {}, {}).shrinkage, 0.046875 / 0.3125,
              1e-12);
}

// Of normal distributions the scores are known: inverse(S) (m1 - m0).
TEST(Discriminant, FindsTheBoundaryOfTwoNormalDistributions) {
  constexpr int kCount = 40000;
  Eigen::Matrix2d root;
  root << 1.0, 0.0, 0.6, 0.5;
  const Eigen::Vector2d apart(1.0, -0.5);
  Eigen::MatrixXf values(2, kCount);
  std::vector<int> labels;
  core::RandomStream random(3);
  for (int i = 0; i < kCount; ++i) {
    labels.push_back(i % 4 == 0 ? 1 : 0);
    const double first = random.normal();
    const Eigen::Vector2d standard(first, random.normal());
    values.col(i) = (root * standard + labels.back() * apart).cast<float>();
  }
  const auto scores = fit_discriminant(values, labels, 2, {}, {});
  const Eigen::Vector2d weights = (root * root.transpose()).inverse() * apart;
  const auto found = difference(scores);
  // some three standard errors
  EXPECT_NEAR(found.weights(0), weights(0), 0.15);
  EXPECT_NEAR(found.weights(1), weights(1), 0.15);
  EXPECT_NEAR(found.bias, std::log(1.0 / 3.0) - 0.5 * weights.dot(apart), 0.15);
  EXPECT_LT(scores.shrinkage, 0.001);
  EXPECT_GT(scores.shrinkage, 0.0);
}

void expect_singular(const Eigen::MatrixXf& values, const std::vector<int>& labels) {
  try {
    fit_discriminant(values, labels, 2, {}, {0.0});
    ADD_FAILURE() << "inverted";
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_TRAIN_SINGULAR");
    EXPECT_NE(std::string(error.what()).find("discriminant.shrinkage"), std::string::npos);
  }
}

TEST(Discriminant, TakesDegenerateData) {
  // a feature that is constant
  Eigen::MatrixXf flat = Eigen::MatrixXf::Zero(3, 8);
  flat.topRows(2) = two_crosses();
  expect_singular(flat, kLabels);
  EXPECT_EQ(difference(fit_discriminant(flat, kLabels, 2, {}, {})).weights(2), 0.0);

  // more features than examples
  Eigen::MatrixXf wide(20, 6);
  core::RandomStream random(1);
  for (float& number : wide.reshaped()) number = static_cast<float>(random.normal());
  const std::vector<int> halves = {0, 0, 0, 1, 1, 1};
  expect_singular(wide, halves);
  const auto scores = fit_discriminant(wide, halves, 2, {}, {});
  const Eigen::MatrixXd found = (scores.weights * wide.cast<double>()).colwise() + scores.bias;
  for (int i = 0; i < 6; ++i) EXPECT_EQ(found(1, i) > found(0, i), halves[i] == 1) << i;

  // one example of each class: the nearest
  Eigen::MatrixXf pair(2, 2);
  pair << 0, 4,  //
      0, 2;
  expect_difference(fit_discriminant(pair, {0, 1}, 2, {}, {}), 4, 2, -10);
  // and one of one class, where all differences lie on one line
  Eigen::MatrixXf line(2, 3);
  line << -1, 1, 4,  //
      0, 0, 2;
  expect_singular(line, {0, 0, 1});
  const auto on_line = fit_discriminant(line, {0, 0, 1}, 2, {}, {});
  EXPECT_GT(on_line.shrinkage, 0.0);
  EXPECT_TRUE(on_line.weights.allFinite() && on_line.bias.allFinite());

  flat(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(fit_discriminant(flat, kLabels, 2, {}, {}), core::ConfigError);
}

dataset::ExampleSet random_examples(int count, std::uint64_t seed) {
  dataset::ExampleSet examples;
  examples.values.resize(4, count);
  core::RandomStream random(seed);
  for (float& number : examples.values.reshaped()) number = static_cast<float>(random.normal());
  for (int i = 0; i < count; ++i) examples.labels.push_back(i % 3);
  return examples;
}

nn::Network network_for(const FitConfig& config, std::size_t examples) {
  return {with_output_layer(core::Json::parse(R"([{"layer": "flatten"}])"), config, 3, examples),
          {1, 4}};
}

FitResult run_direct(const FitConfig& config, const dataset::ExampleSet& training,
                     const dataset::ExampleSet& validation = {}) {
  core::ThreadPool pool(2);
  return fit(network_for(config, training.size()), training, validation, config,
             core::RandomStream(1), pool);
}

nn::Matrix outputs(const FitConfig& config, const dataset::ExampleSet& training,
                   const nn::Matrix& x) {
  core::ThreadPool pool(2);
  return nn::predict_logits(network_for(config, training.size()),
                            run_direct(config, training).parameters, x, pool);
}

TEST(DirectFit, TheDenseLayerScoresAsTheDiscriminantDoes) {
  const auto training = random_examples(90, 1);
  const auto test = random_examples(20, 2);
  FitConfig config;
  config.method = "discriminant";
  const auto scores = fit_discriminant(training.values, training.labels, 3, {}, {});
  const Eigen::MatrixXd expected =
      (scores.weights * test.values.cast<double>()).colwise() + scores.bias;
  EXPECT_LT(
      (outputs(config, training, test.values).cast<double>() - expected).cwiseAbs().maxCoeff(),
      1e-5);
  const auto result = run_direct(config, training, test);
  ASSERT_EQ(result.history.size(), 1U);
  EXPECT_EQ(result.best_epoch, 1);
  EXPECT_LT(result.history[0].loss, std::log(3.0));  // better than chance on what it knows
  EXPECT_GT(result.history[0].validation_loss, result.history[0].loss);
}

TEST(DirectFit, NeighboursVoteAsWhoeverSortsAllDistances) {
  const auto training = random_examples(60, 1);
  const auto test = random_examples(40, 2);
  for (const int count : {1, 5, 7, 100}) {
    FitConfig config;
    config.method = "neighbours";
    config.neighbours.count = count;
    const auto found = outputs(config, training, test.values);
    for (Eigen::Index i = 0; i < test.values.cols(); ++i) {
      std::vector<Eigen::Index> order(60);
      std::iota(order.begin(), order.end(), Eigen::Index{0});
      std::ranges::stable_sort(order, {}, [&](Eigen::Index at) {
        return (training.values.col(at) - test.values.col(i)).squaredNorm();
      });
      Eigen::Vector3f votes = Eigen::Vector3f::Zero();
      for (int n = 0; n < std::min(count, 60); ++n) {
        ++votes(training.labels[static_cast<std::size_t>(order[static_cast<std::size_t>(n)])]);
      }
      EXPECT_EQ(Eigen::Vector3f(found.col(i)), votes) << count << " " << i;
    }
  }
}

TEST(DirectFit, OfEquallyNearTheFirstVotesAndNumbersThatAreNoneDoNoHarm) {
  dataset::ExampleSet training = random_examples(6, 1);
  training.values.setOnes();
  training.labels = {2, 0, 0, 1, 1, 1};
  FitConfig config;
  config.method = "neighbours";
  config.neighbours.count = 1;
  nn::Matrix x = nn::Matrix::Zero(4, 3);
  x(0, 1) = std::numeric_limits<float>::infinity();
  x(0, 2) = std::numeric_limits<float>::quiet_NaN();
  const auto found = outputs(config, training, x);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Eigen::Vector3f(found.col(i)), Eigen::Vector3f(0, 0, 1));
  config.class_weights = "balanced";
  EXPECT_EQ(outputs(config, training, x)(2, 0), 2.0F);  // 6 of 3 classes, one of this
}

TEST(DirectFit, RefusesLayersThatItCannotTrain) {
  for (const char* method : {"discriminant", "neighbours"}) {
    FitConfig config;
    config.method = method;
    const nn::Network network(
        with_output_layer(core::Json::parse(R"([{"layer": "flatten"}, {"layer": "relu"}])"), config,
                          2, 6),
        {1, 4});
    try {
      require_trainable(network, config);
      ADD_FAILURE() << method;
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_CONFIG_VALUE");
      EXPECT_EQ(std::string(error.what()).find("network[1]: "), 0U) << error.what();
    }
  }
}

}  // namespace
}  // namespace ser::train
