#include "ser/nn/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/nn/gradient_norm.h"

namespace ser::nn {
namespace {

TEST(Adam, TwoStepsByHand) {
  OptimizerConfig config;
  config.learning_rate = 0.1;
  config.beta1 = 0.9;
  config.beta2 = 0.99;
  config.epsilon = 1e-3;
  Adam adam(config, 2);
  core::ThreadPool pool(1);
  Vector p(2);
  p << 1.0F, -2.0F;
  // Step 1: m = .1 g = (.2, -.05), v = .01 g^2 = (.04, .0025), rate = .1 sqrt(.01) / .1 = .1.
  adam.step(p, (Vector(2) << 2.0F, -0.5F).finished(), pool);
  EXPECT_NEAR(p[0], 1.0 - 0.1 * 0.2 / (0.2 + 1e-3), 1e-6);
  EXPECT_NEAR(p[1], -2.0 + 0.1 * 0.05 / (0.05 + 1e-3), 1e-6);
  const double before[] = {p[0], p[1]};
  // Step 2: m = .9 m + .1 g = (.08, .055), v = .99 v + .01 g^2 = (.0496, .012475),
  // rate = .1 sqrt(1 - .9801) / (1 - .81).
  adam.step(p, (Vector(2) << -1.0F, 1.0F).finished(), pool);
  const double rate = 0.1 * std::sqrt(0.0199) / 0.19;
  EXPECT_NEAR(p[0], before[0] - rate * 0.08 / (std::sqrt(0.0496) + 1e-3), 1e-6);
  EXPECT_NEAR(p[1], before[1] - rate * 0.055 / (std::sqrt(0.012475) + 1e-3), 1e-6);
}

TEST(Adam, WeightDecayShrinksWhateverTheGradient) {
  OptimizerConfig config;
  config.learning_rate = 0.5;
  config.weight_decay = 0.2;
  Adam adam(config, 1);
  core::ThreadPool pool(1);
  Vector p = Vector::Constant(1, 3.0F);
  adam.step(p, Vector::Zero(1), pool);
  EXPECT_NEAR(p[0], 3.0 * (1 - 0.5 * 0.2), 1e-6);
  adam.set_learning_rate(0.25);
  EXPECT_EQ(adam.learning_rate(), 0.25);
  adam.step(p, Vector::Zero(1), pool);
  EXPECT_NEAR(p[0], 3.0 * 0.9 * 0.95, 1e-6);
}

TEST(Adam, TheNumberOfWorkersDoesNotMatter) {
  constexpr Index kSize = 100003;
  core::RandomStream random(4);
  Vector start(kSize);
  Vector gradient(kSize);
  for (Index i = 0; i < kSize; ++i) {
    start[i] = static_cast<Scalar>(random.normal());
    gradient[i] = static_cast<Scalar>(random.normal());
  }
  Vector expected;
  for (const int jobs : {1, 2, 3}) {
    core::ThreadPool pool(jobs);
    Adam adam({}, kSize);
    Vector p = start;
    for (int step = 0; step < 3; ++step) adam.step(p, gradient, pool);
    if (jobs == 1) {
      expected = p;
      // in the first steps on one gradient everything moves by about the learning rate
      EXPECT_NEAR((p - start).cwiseAbs().maxCoeff(), 3e-3, 1e-5);
    }
    EXPECT_EQ(p, expected) << jobs;
  }
}

TEST(Adam, RefusesWhatDoesNotFit) {
  OptimizerConfig config;
  config.beta1 = 1.0;
  EXPECT_THROW(Adam(config, 1), core::ConfigError);
  Adam adam({}, 2);
  core::ThreadPool pool(1);
  Vector p = Vector::Zero(2);
  EXPECT_THROW(adam.step(p, Vector::Zero(3), pool), core::ConfigError);
}

TEST(GradientDescent, TwoStepsByHand) {
  OptimizerConfig config;
  config.kind = "sgd";
  config.learning_rate = 0.1;
  config.momentum = 0.5;
  config.weight_decay = 0.2;
  const auto optimizer = make_optimizer(config, 2);
  core::ThreadPool pool(1);
  Vector p(2);
  p << 1.0F, -2.0F;
  optimizer->step(p, (Vector(2) << 2.0F, -0.5F).finished(), pool);
  EXPECT_NEAR(p[0], 1.0 * 0.98 - 0.1 * 2.0, 1e-6);
  EXPECT_NEAR(p[1], -2.0 * 0.98 + 0.1 * 0.5, 1e-6);
  const double before[] = {p[0], p[1]};
  // velocity = .5 (2, -.5) + (-1, 1) = (0, .75)
  optimizer->set_learning_rate(0.2);
  optimizer->step(p, (Vector(2) << -1.0F, 1.0F).finished(), pool);
  EXPECT_NEAR(p[0], before[0] * 0.96, 1e-6);
  EXPECT_NEAR(p[1], before[1] * 0.96 - 0.2 * 0.75, 1e-6);
}

TEST(MakeOptimizer, MakesWhatItsKindSays) {
  OptimizerConfig config;
  EXPECT_NE(dynamic_cast<Adam*>(make_optimizer(config, 1).get()), nullptr);
  config.kind = "sgd";
  EXPECT_NE(dynamic_cast<GradientDescent*>(make_optimizer(config, 1).get()), nullptr);
  config.kind = "lion";
  EXPECT_THROW(make_optimizer(config, 1), core::ConfigError);
}

TEST(LimitNorm, ScalesWhatIsTooLong) {
  Vector gradient(2);
  gradient << 3, 4;
  EXPECT_EQ(limit_norm(gradient, 5), 5);
  EXPECT_EQ(gradient, (Vector(2) << 3, 4).finished());
  EXPECT_EQ(limit_norm(gradient, 1), 5);
  EXPECT_NEAR(gradient[0], 0.6, 1e-7);
  EXPECT_NEAR(gradient[1], 0.8, 1e-7);
  gradient << 3e30F, 4e30F;
  EXPECT_NEAR(limit_norm(gradient, 10) / 5e30, 1.0, 1e-6);
  EXPECT_NEAR(gradient.norm(), 10, 1e-5);
  gradient << std::numeric_limits<Scalar>::quiet_NaN(), 1;
  limit_norm(gradient, 0.5);
  EXPECT_EQ(gradient[1], 1);
}

}  // namespace
}  // namespace ser::nn
