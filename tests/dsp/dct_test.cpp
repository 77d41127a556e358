#include "ser/dsp/dct.h"

#include <cmath>

#include <gtest/gtest.h>

namespace ser::dsp {
namespace {

TEST(Dct, IsOrthonormal) {
  const Eigen::MatrixXd matrix = dct_matrix(24, 24);
  EXPECT_TRUE((matrix * matrix.transpose()).isIdentity(1e-13));
}

TEST(Dct, ConstantIsInTheFirstCoefficientAlone) {
  const Eigen::VectorXd result = dct_matrix(5, 16) * Eigen::VectorXd::Ones(16);
  EXPECT_NEAR(result[0], 4.0, 1e-14);
  EXPECT_NEAR(result.tail(4).norm(), 0.0, 1e-14);
}

TEST(Dct, TwoInputsByHand) {
  const Eigen::MatrixXd matrix = dct_matrix(2, 2);
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(matrix(0, 0), half, 1e-15);
  EXPECT_NEAR(matrix(0, 1), half, 1e-15);
  EXPECT_NEAR(matrix(1, 0), half, 1e-15);
  EXPECT_NEAR(matrix(1, 1), -half, 1e-15);
}

}  // namespace
}  // namespace ser::dsp
