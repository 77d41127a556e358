#include "ser/dsp/window.h"

#include <gtest/gtest.h>

namespace ser::dsp {
namespace {

TEST(HannWindow, IsPeriodic) {
  const auto window = hann_window(8);
  ASSERT_EQ(window.size(), 8U);
  EXPECT_DOUBLE_EQ(window[0], 0.0);
  EXPECT_NEAR(window[2], 0.5, 1e-15);
  EXPECT_DOUBLE_EQ(window[4], 1.0);
  EXPECT_NEAR(window[1], window[7], 1e-15);  // the symmetric window would repeat its first value
}

TEST(HannWindow, SquaresOfQuarterHopsAddUpToOneAndAHalf) {
  const auto window = hann_window(2048);
  for (std::size_t i = 0; i < 512; ++i) {
    double sum = 0.0;
    for (std::size_t k = i; k < window.size(); k += 512) sum += window[k] * window[k];
    ASSERT_NEAR(sum, 1.5, 1e-14);
  }
}

}  // namespace
}  // namespace ser::dsp
