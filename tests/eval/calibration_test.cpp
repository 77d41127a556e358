#include "ser/eval/calibration.h"

#include <cmath>
#include <limits>
#include <tuple>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"

namespace ser::eval {
namespace {

// Two classes: `right` of `clips` are the class that the logits favour by `margin`.
double temperature_of(int clips, int right, float margin) {
  Eigen::MatrixXf logits(2, clips);
  std::vector<int> labels;
  for (int i = 0; i < clips; ++i) {
    logits.col(i) << margin, 0.0F;
    labels.push_back(i < right ? 0 : 1);
  }
  return fit_temperature(logits, labels);
}

// Without the prior p = right / clips would be the probability of the first class: m / T = ln(p /
// (1 - p)).
double without_prior(int clips, int right, double margin) {
  return margin / std::log(static_cast<double>(right) / (clips - right));
}

// Derivative by ln(1 / T) of what is least, of clips whose logits are all (m, 0): clips m/T
// (softmax(m / T) - right / clips) - ln T / ln(2)^2.
double slope(int clips, int right, double margin, double temperature) {
  const double p = 1.0 / (1.0 + std::exp(-margin / temperature));
  return margin / temperature * (clips * p - right) -
         std::log(temperature) / (std::log(2.0) * std::log(2.0));
}

TEST(FitTemperature, IsWhereTheDerivativeOfAHandCalculationIsZero) {
  for (const auto& [clips, right, margin] :
       {std::tuple{100, 75, 3.0F}, {8, 7, 1.0F}, {1000, 999, 2.0F}, {40, 40, 5.0F}, {1, 0, 9.0F}}) {
    const double temperature = temperature_of(clips, right, margin);
    EXPECT_GT(slope(clips, right, margin, temperature * 0.9999), 0.0) << clips;
    EXPECT_LT(slope(clips, right, margin, temperature * 1.0001), 0.0) << clips;
  }
}

TEST(FitTemperature, OfManyClipsIsThatOfTheLeastLogLoss) {
  EXPECT_NEAR(temperature_of(4000, 3000, 3.0F), without_prior(4000, 3000, 3.0), 0.02);
  EXPECT_GT(temperature_of(100, 75, 3.0F), 2.0) << "too sure";
  EXPECT_LT(temperature_of(1000, 999, 2.0F), 0.5) << "not sure enough";
}

TEST(FitTemperature, OfFewClipsOrWithoutErrorsStaysNearOne) {
  // the first error would cost 10 nats more at T = 1/2
  EXPECT_GT(temperature_of(140, 140, 10.0F), 0.8);
  EXPECT_LT(temperature_of(140, 140, 10.0F), 1.0);
  EXPECT_NEAR(temperature_of(2, 1, 0.1F), 1.0, 0.05);
}

TEST(FitTemperature, OfNothingToTellTemperaturesByIsOne) {
  EXPECT_NEAR(fit_temperature(Eigen::MatrixXf(3, 0), {}), 1.0, 1e-6);
  EXPECT_NEAR(fit_temperature(Eigen::MatrixXf::Constant(3, 4, 7.0F), std::vector<int>{0, 1, 2, 0}),
              1.0, 1e-6);
}

TEST(FitTemperature, StaysWithinItsLimits) {
  EXPECT_LE(temperature_of(1000, 200, 300.0F), kMostTemperature * 1.000001) << "hopeless";
  EXPECT_GE(temperature_of(1000, 1000, 1e-6F), 1.0 / kMostTemperature * 0.999999);
  EXPECT_LE(temperature_of(10, 5, 1e30F), kMostTemperature * 1.000001);
}

TEST(FitTemperature, FindsTheTemperatureThatLabelsWereDrawnWith) {
  constexpr int kClips = 4000;
  constexpr double kTemperature = 1.7;
  core::RandomStream random(4);
  Eigen::MatrixXf logits(5, kClips);
  std::vector<int> labels;
  for (int i = 0; i < kClips; ++i) {
    for (int k = 0; k < 5; ++k) logits(k, i) = static_cast<float>(3.0 * random.normal());
    const Eigen::ArrayXd p = (logits.col(i).cast<double>().array() / kTemperature).exp();
    double left = random.uniform() * p.sum();
    int label = 0;
    while (label < 4 && left >= p(label)) left -= p(label++);
    labels.push_back(label);
  }
  // standard error about 2 %
  EXPECT_NEAR(fit_temperature(logits, labels), kTemperature, 0.1);
}

TEST(FitTemperature, CountsClipsThatSayTheSameForAsManyAsTheyAreWorth) {
  const auto fitted = [](int times, double worth) {
    Eigen::MatrixXf logits(2, 40 * times);
    std::vector<int> labels;
    for (int i = 0; i < 40 * times; ++i) {
      logits.col(i) << 2.0F, 0.0F;
      labels.push_back(0);
    }
    return fit_temperature(logits, labels, worth);
  };
  const double once = fitted(1, 1e9);
  EXPECT_NEAR(fitted(10, 40.0), once, 1e-6);
  EXPECT_EQ(fitted(1, 40.0), once);
  EXPECT_EQ(fitted(1, 41.0), once);  // fewer than they would be worth are what they are
  EXPECT_LT(fitted(10, 1e9), once - 0.05);
}

TEST(FitTemperature, RefusesWhatDoesNotFit) {
  const Eigen::MatrixXf logits = Eigen::MatrixXf::Zero(2, 1);
  EXPECT_THROW(fit_temperature(logits, std::vector<int>{0, 1}), core::ConfigError);
  EXPECT_THROW(fit_temperature(logits, std::vector<int>{2}), core::ConfigError);
  EXPECT_THROW(fit_temperature(logits, std::vector<int>{-1}), core::ConfigError);
  Eigen::MatrixXf infinite = logits;
  infinite(0, 0) = std::numeric_limits<float>::infinity();
  EXPECT_THROW(fit_temperature(infinite, std::vector<int>{0}), core::ConfigError);
}

}  // namespace
}  // namespace ser::eval
