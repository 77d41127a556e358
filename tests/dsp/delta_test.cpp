#include "ser/dsp/delta.h"

#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::dsp {
namespace {

std::vector<float> parabola(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<float>(i);
    values.push_back(3.0F * x * x - 2.0F * x + 5.0F);
  }
  return values;
}

std::vector<float> line(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(0.5F * static_cast<float>(i) - 7.0F);
  return values;
}

void expect_all(const std::vector<float>& values, float expected) {
  for (const float value : values) EXPECT_NEAR(value, expected, 1e-4F);
}

TEST(Delta, OfALineIsItsSlope) {
  for (const std::size_t count : {2U, 3U, 8U, 9U, 10U, 40U}) {
    SCOPED_TRACE(count);
    expect_all(delta(line(count), 1), 0.5F);
  }
}

TEST(Delta, OfAParabolaIsItsDerivative) {
  const auto slopes = delta(parabola(20), 1);
  for (std::size_t i = 4; i < 16; ++i) {
    EXPECT_NEAR(slopes[i], 6.0F * static_cast<float>(i) - 2.0F, 1e-4F);
  }
  EXPECT_EQ(slopes[0], slopes[4]);
  EXPECT_EQ(slopes[19], slopes[15]);
  for (const std::size_t count : {3U, 8U, 9U, 40U}) {
    SCOPED_TRACE(count);
    expect_all(delta(parabola(count), 2), 6.0F);
  }
  expect_all(delta(line(40), 2), 0.0F);
}

TEST(Delta, OfTooFewIsZero) {
  EXPECT_TRUE(delta({}, 1).empty());
  EXPECT_EQ(delta(line(1), 1), std::vector<float>(1, 0.0F));
  EXPECT_EQ(delta(line(2), 2), std::vector<float>(2, 0.0F));
}

TEST(Delta, RefusesOtherOrders) {
  EXPECT_THROW(delta(line(9), 0), core::ConfigError);
  EXPECT_THROW(delta(line(9), 3), core::ConfigError);
}

}  // namespace
}  // namespace ser::dsp
