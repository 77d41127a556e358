#include "ser/dataset/normalizer.h"

#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::dataset {
namespace {

TEST(Normalizer, GivesMeanZeroAndDeviationOne) {
  Eigen::MatrixXf values(2, 4);
  values << 1, 2, 3, 4,  //
      10, 10, 30, 30;
  const auto normalizer = Normalizer::fit(values);
  EXPECT_FLOAT_EQ(normalizer.mean()(0), 2.5F);
  EXPECT_FLOAT_EQ(normalizer.scale()(0), std::sqrt(1.25F));
  EXPECT_FLOAT_EQ(normalizer.scale()(1), 10.0F);
  normalizer.apply(values);
  EXPECT_FLOAT_EQ(values(1, 0), -1.0F);
  EXPECT_FLOAT_EQ(values(1, 3), 1.0F);
  EXPECT_NEAR(values.row(0).sum(), 0.0F, 1e-6F);
}

TEST(Normalizer, OnlyCentresWhatIsConstant) {
  Eigen::MatrixXf values = Eigen::MatrixXf::Constant(2, 5, 0.1F);
  values.row(1).setZero();
  const auto normalizer = Normalizer::fit(values);
  EXPECT_EQ(normalizer.scale(), Eigen::VectorXf::Ones(2));
  normalizer.apply(values);
  EXPECT_NEAR(values.cwiseAbs().maxCoeff(), 0.0F, 1e-7F);
}

TEST(Normalizer, KeepsWhatFollowsFinite) {
  Eigen::MatrixXf values(1, 2);
  values << 0, 1e-20F;
  const auto normalizer = Normalizer::fit(values);
  Eigen::MatrixXf extreme(1, 2);
  extreme << std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest();
  normalizer.apply(extreme);
  EXPECT_EQ(extreme(0, 0), 1e4F);
  EXPECT_EQ(extreme(0, 1), -1e4F);
}

TEST(Normalizer, RefusesWhatCannotScale) {
  const Eigen::VectorXf two = Eigen::VectorXf::Ones(2);
  EXPECT_THROW(Normalizer(two, Eigen::VectorXf::Ones(3)), core::ModelError);
  EXPECT_THROW(Normalizer(two, Eigen::VectorXf::Zero(2)), core::ModelError);
  EXPECT_THROW(Normalizer(two, -two), core::ModelError);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(Normalizer(two * nan, two), core::ModelError);
  EXPECT_THROW(Normalizer(two, two * nan), core::ModelError);
}

}  // namespace
}  // namespace ser::dataset
