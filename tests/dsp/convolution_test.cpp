#include "ser/dsp/convolution.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

std::vector<double> by_definition(const std::vector<float>& signal,
                                  const std::vector<float>& response) {
  std::vector<double> result(signal.size(), 0.0);
  for (std::size_t n = 0; n < signal.size(); ++n) {
    for (std::size_t k = 0; k <= n && k < response.size(); ++k) {
      result[n] += static_cast<double>(response[k]) * signal[n - k];
    }
  }
  return result;
}

TEST(Convolution, EqualsItsDefinition) {
  const auto random = noise(8000);
  for (const auto& [samples, taps] : {std::pair{1, 1},
                                      {5, 3},
                                      {3, 5},
                                      {1023, 2},
                                      {1024, 2},
                                      {5000, 1},
                                      {5000, 700},
                                      {2000, 2000},
                                      {900, 2100}}) {
    SCOPED_TRACE(std::to_string(samples) + " * " + std::to_string(taps));
    const std::vector<float> signal(random.begin(), random.begin() + samples);
    const std::vector<float> response(random.end() - taps, random.end());
    const auto expected = by_definition(signal, response);
    const auto actual = convolve(signal, response);
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      // half a unit of float's last place, and what a transform in double may lose
      ASSERT_NEAR(actual[i], expected[i], std::abs(expected[i]) * 6e-8 + 1e-12) << i;
    }
  }
}

TEST(Convolution, OfNothingIsNothing) {
  const std::vector<float> some = {1.0F, 2.0F};
  EXPECT_TRUE(convolve({}, some).empty());
  EXPECT_EQ(convolve(some, {}), (std::vector<float>{0.0F, 0.0F}));
}

TEST(Convolution, StaysFinite) {
  const std::vector<float> large(3000, 3e38F);
  const auto result = convolve(large, large);
  EXPECT_TRUE(std::ranges::all_of(result, [](float sample) { return std::isfinite(sample); }));
}

}  // namespace
}  // namespace ser::dsp
