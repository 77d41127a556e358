#include "ser/dsp/decibel.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace ser::dsp {
namespace {

TEST(PowerToDb, TakesTenLogarithms) {
  std::vector<float> values = {1.0F, 10.0F, 0.001F, 100.0F};
  power_to_db(values);
  EXPECT_FLOAT_EQ(values[0], 0.0F);
  EXPECT_FLOAT_EQ(values[1], 10.0F);
  EXPECT_FLOAT_EQ(values[2], -30.0F);
  EXPECT_FLOAT_EQ(values[3], 20.0F);
}

TEST(PowerToDb, EndsEightyDecibelsBelowTheMaximum) {
  std::vector<float> values = {100.0F, 1e-5F, 1e-7F, 0.0F};
  power_to_db(values);
  EXPECT_FLOAT_EQ(values[1], -50.0F);
  EXPECT_FLOAT_EQ(values[2], -60.0F);
  EXPECT_FLOAT_EQ(values[3], -60.0F);
}

TEST(PowerToDb, SilenceIsMinusHundred) {
  std::vector<float> values(3, 0.0F);
  power_to_db(values);
  for (const float value : values) EXPECT_FLOAT_EQ(value, -100.0F);
}

TEST(PowerToDb, TakesNothingAndTheLargestFloat) {
  power_to_db({});
  std::vector<float> values = {std::numeric_limits<float>::max()};
  power_to_db(values);
  EXPECT_NEAR(values[0], 385.3F, 0.1F);
}

}  // namespace
}  // namespace ser::dsp
