#include "ser/nn/loss.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace ser::nn {
namespace {

ConstBlock view(const Matrix& matrix) { return {matrix.data(), matrix.rows(), matrix.cols()}; }
Block view(Matrix& matrix) { return {matrix.data(), matrix.rows(), matrix.cols()}; }

TEST(Softmax, ByHand) {
  Matrix logits(3, 2);
  logits << 0, std::log(1.0F),  //
      0, std::log(2.0F),        //
      0, std::log(5.0F);
  Matrix probabilities(3, 2);
  softmax(view(std::as_const(logits)), view(probabilities));
  EXPECT_TRUE(probabilities.col(0).isApproxToConstant(1.0F / 3, 1e-6F));
  EXPECT_NEAR(probabilities(0, 1), 0.125, 1e-7);
  EXPECT_NEAR(probabilities(1, 1), 0.25, 1e-7);
  EXPECT_NEAR(probabilities(2, 1), 0.625, 1e-7);
  softmax(view(std::as_const(logits)), view(logits));
  EXPECT_EQ(logits, probabilities) << "in place";
}

TEST(Softmax, HugeLogitsDoNotOverflow) {
  const Scalar huge = std::numeric_limits<Scalar>::max();
  Matrix logits(3, 3);
  logits << huge, -huge, 1000,  //
      -huge, -huge, 1001,       //
      0, -huge, -1000;
  Matrix probabilities(3, 3);
  softmax(view(std::as_const(logits)), view(probabilities));
  EXPECT_EQ(probabilities.col(0), Vector::Unit(3, 0));
  EXPECT_TRUE(probabilities.col(1).isApproxToConstant(1.0F / 3, 1e-6F));
  EXPECT_NEAR(probabilities(1, 2), 1 / (1 + std::exp(-1.0)), 1e-7);
}

TEST(SoftmaxCrossEntropy, ByHand) {
  Matrix logits(2, 2);
  logits << std::log(3.0F), 0,  //
      0, 0;
  const std::vector<int> labels = {0, 1};
  Matrix gradient(2, 2);
  const double loss =
      softmax_cross_entropy(view(std::as_const(logits)), labels, {}, 0.5F, view(gradient));
  EXPECT_NEAR(loss, std::log(4.0 / 3) + std::log(2.0), 1e-7);
  EXPECT_NEAR(gradient(0, 0), 0.5 * (0.75 - 1), 1e-7);
  EXPECT_NEAR(gradient(1, 0), 0.5 * 0.25, 1e-7);
  EXPECT_NEAR(gradient(0, 1), 0.5 * 0.5, 1e-7);
  EXPECT_NEAR(gradient(1, 1), 0.5 * (0.5 - 1), 1e-7);
}

TEST(SoftmaxCrossEntropy, ClassWeightsScaleLossAndGradient) {
  Matrix logits = Matrix::Zero(2, 2);
  const std::vector<int> labels = {0, 1};
  const std::vector<Scalar> weights = {3.0F, 0.5F};
  Matrix gradient(2, 2);
  const double loss =
      softmax_cross_entropy(view(std::as_const(logits)), labels, weights, 1.0F, view(gradient));
  EXPECT_NEAR(loss, 3.5 * std::log(2.0), 1e-12);
  EXPECT_NEAR(gradient(0, 0), -1.5, 1e-6);
  EXPECT_NEAR(gradient(1, 0), 1.5, 1e-6);
  EXPECT_NEAR(gradient(0, 1), 0.25, 1e-6);
  EXPECT_NEAR(gradient(1, 1), -0.25, 1e-6);
}

TEST(SoftmaxCrossEntropy, HugeLogitsGiveAFiniteLoss) {
  Matrix logits(2, 2);
  logits << 1e30F, -1e30F,  //
      0, 0;
  const std::vector<int> labels = {1, 1};
  Matrix gradient(2, 2);
  const double loss =
      softmax_cross_entropy(view(std::as_const(logits)), labels, {}, 1.0F, view(gradient));
  EXPECT_NEAR(loss / 1e30, 1.0, 1e-6);
  EXPECT_EQ(gradient.col(0), (Vector(2) << 1, -1).finished());
  EXPECT_TRUE(gradient.col(1).isZero(0));
}

TEST(SoftmaxCrossEntropy, TargetsOfOneClassAreLabels) {
  Matrix logits(3, 2);
  logits << 1, -2,  //
      0.5F, 3,      //
      -1, 0;
  const std::vector<int> labels = {2, 0};
  const std::vector<Scalar> weights = {0.3F, 1, 1.7F};
  Matrix targets = Matrix::Zero(3, 2);
  targets(2, 0) = 1.7F;
  targets(0, 1) = 0.3F;
  Matrix by_label(3, 2);
  Matrix by_target(3, 2);
  const double loss =
      softmax_cross_entropy(view(std::as_const(logits)), labels, weights, 0.5F, view(by_label));
  EXPECT_EQ(softmax_cross_entropy(view(std::as_const(logits)), view(std::as_const(targets)), 0.5F,
                                  view(by_target)),
            loss);
  EXPECT_EQ(by_target, by_label);
}

TEST(SoftmaxCrossEntropy, OfSharedTargetsByHand) {
  Matrix logits(2, 1);
  logits << std::log(3.0F), 0;
  Matrix targets(2, 1);
  targets << 0.5F, 1.5F;
  Matrix gradient(2, 1);
  const double loss = softmax_cross_entropy(view(std::as_const(logits)),
                                            view(std::as_const(targets)), 0.5F, view(gradient));
  EXPECT_NEAR(loss, 0.5 * std::log(4.0 / 3) + 1.5 * std::log(4.0), 1e-6);
  EXPECT_NEAR(gradient(0, 0), 0.5 * (2 * 0.75 - 0.5), 1e-6);
  EXPECT_NEAR(gradient(1, 0), 0.5 * (2 * 0.25 - 1.5), 1e-6);
  // no weight, no gradient
  targets.setZero();
  EXPECT_EQ(softmax_cross_entropy(view(std::as_const(logits)), view(std::as_const(targets)), 1,
                                  view(gradient)),
            0);
  EXPECT_TRUE(gradient.isZero(0));
}

TEST(AddTarget, SpreadsItsSmoothing) {
  Matrix target = Matrix::Zero(4, 1);
  add_target(1, 2.0, 0.2, view(target));
  EXPECT_TRUE(target.isApprox((Matrix(4, 1) << 0.1F, 1.7F, 0.1F, 0.1F).finished()));
  add_target(3, 1.0, 0.0, view(target));
  EXPECT_TRUE(target.isApprox((Matrix(4, 1) << 0.1F, 1.7F, 0.1F, 1.1F).finished()));
}

}  // namespace
}  // namespace ser::nn
