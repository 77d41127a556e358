#include "ser/dsp/decibel.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/random.h"

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

TEST(PowerToDb, IsAsAccurateAsFloat) {
  core::RandomStream random(2);
  std::vector<float> powers(100000);
  for (float& power : powers) power = static_cast<float>(std::pow(10.0, random.uniform(-3.9, 3.9)));
  powers[0] = 1.0F;
  std::vector<float> values = powers;
  power_to_db(values);
  EXPECT_EQ(values[0], 0.0F);
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const double expected = 10.0 * std::log10(static_cast<double>(powers[i]));
    // twice rounded to float
    ASSERT_NEAR(values[i], expected, 1.25e-7 * std::abs(expected)) << powers[i];
  }
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
