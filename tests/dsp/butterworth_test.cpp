#include "ser/dsp/butterworth.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

constexpr double kButterworthRateHz = 16000.0;

// |H| at a frequency, from the impulse response.
double gain(PassBand pass_band, double cutoff_hz, int order, double frequency_hz) {
  std::vector<float> response(20000, 0.0F);
  response[0] = 1.0F;
  butterworth(response, kButterworthRateHz, pass_band, cutoff_hz, order);
  double real = 0.0;
  double imaginary = 0.0;
  for (std::size_t i = 0; i < response.size(); ++i) {
    const double angle =
        2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / kButterworthRateHz;
    real += response[i] * std::cos(angle);
    imaginary -= response[i] * std::sin(angle);
  }
  return std::hypot(real, imaginary);
}

TEST(Butterworth, HasItsGainAtEveryFrequency) {
  for (const int order : {2, 4, 8, 16}) {
    for (const double cutoff_hz : {60.0, 1000.0, 3400.0, 7500.0}) {
      for (const double frequency_hz : {10.0, 60.0, 300.0, 1000.0, 3400.0, 5000.0, 7900.0}) {
        SCOPED_TRACE(std::to_string(order) + ", " + std::to_string(cutoff_hz) + " Hz, at " +
                     std::to_string(frequency_hz) + " Hz");
        const double ratio = std::tan(std::numbers::pi * frequency_hz / kButterworthRateHz) /
                             std::tan(std::numbers::pi * cutoff_hz / kButterworthRateHz);
        const double low = 1.0 / std::sqrt(1.0 + std::pow(ratio, 2 * order));
        const double high = 1.0 / std::sqrt(1.0 + std::pow(ratio, -2 * order));
        EXPECT_NEAR(gain(PassBand::kLow, cutoff_hz, order, frequency_hz), low, 1e-6);
        EXPECT_NEAR(gain(PassBand::kHigh, cutoff_hz, order, frequency_hz), high, 1e-6);
      }
    }
  }
}

TEST(Butterworth, LowPassKeepsAndHighPassTakesAConstant) {
  std::vector<float> low(8000, 0.7F);
  std::vector<float> high = low;
  butterworth(low, kButterworthRateHz, PassBand::kLow, 100.0, 4);
  butterworth(high, kButterworthRateHz, PassBand::kHigh, 100.0, 4);
  EXPECT_NEAR(low.back(), 0.7, 1e-6);
  EXPECT_NEAR(high.back(), 0.0, 1e-6);
}

TEST(Butterworth, WhatCannotBeDesignedIsRefused) {
  std::vector<float> samples(10, 1.0F);
  const auto design = [&](double cutoff_hz, int order) {
    butterworth(samples, kButterworthRateHz, PassBand::kLow, cutoff_hz, order);
  };
  for (const double cutoff_hz : {0.0, -1.0, 8000.0, 1e9, std::nan("")}) {
    EXPECT_THROW(design(cutoff_hz, 4), core::ConfigError) << cutoff_hz;
  }
  for (const int order : {-2, 0, 3, 18}) {
    EXPECT_THROW(design(1000.0, order), core::ConfigError) << order;
  }
  std::vector<float> nothing;
  butterworth(nothing, kButterworthRateHz, PassBand::kLow, 1000.0, 4);
  EXPECT_TRUE(nothing.empty());
}

}  // namespace
}  // namespace ser::dsp
