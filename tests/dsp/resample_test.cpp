#include "ser/dsp/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

TEST(Resample, GivesTheLengthRoundedUp) {
  EXPECT_EQ(resample(noise(24414), 24414, 22050).size(), 22050U);
  EXPECT_EQ(resample(noise(61035), 24414, 22050).size(), 55125U);
  EXPECT_EQ(resample(noise(1001), 16000, 8000).size(), 501U);
  EXPECT_EQ(resample(noise(1), 48000, 8000).size(), 1U);
  EXPECT_EQ(resample(noise(1), 8000, 48000).size(), 6U);
  EXPECT_TRUE(resample({}, 8000, 48000).empty());
}

TEST(Resample, SineStaysASine) {
  for (const double target : {8000.0, 16000.0, 48000.0, 16000.0 * std::pow(2.0, 0.7 / 12.0)}) {
    const auto actual = resample(sine(1000.0, 22050.0, 44100), 22050.0, target);
    const auto expected = sine(1000.0, target, actual.size());
    const auto quarter = static_cast<std::ptrdiff_t>(actual.size() / 4);
    EXPECT_GT(signal_to_noise_db({actual.begin() + quarter, actual.end() - quarter},
                                 {expected.begin() + quarter, expected.end() - quarter}),
              90.0)
        << target;
  }
}

TEST(Resample, RemovesWhatTheTargetCannotHold) {
  const auto actual = resample(sine(6000.0, 22050.0, 44100), 22050.0, 8000.0);
  const auto middle = std::span(actual).subspan(4000, 8000);
  EXPECT_LT(*std::max_element(middle.begin(), middle.end()), 1e-4F);
}

TEST(Resample, HowASignalIsCutDoesNotMatter) {
  for (const double target : {8000.0, 16000.0, 22050.0, 48000.0}) {
    const auto signal = noise(30011);
    const auto whole = resample(signal, 16000.0, target);
    for (const std::size_t part : {1U, 160U, 16384U}) {
      StreamResampler resampler(16000.0, target);
      std::vector<float> pieces;
      for (std::size_t i = 0; i < signal.size(); i += part) {
        resampler.push(std::span(signal).subspan(i, std::min(part, signal.size() - i)), pieces);
      }
      resampler.finish(pieces);
      EXPECT_EQ(pieces, whole) << target << " Hz, " << part << " samples at a time";
    }
  }
  StreamResampler nothing(16000.0, 8000.0);
  std::vector<float> pieces;
  nothing.finish(pieces);
  EXPECT_TRUE(pieces.empty());
}

TEST(Resample, SameRateIsACopy) {
  const auto signal = noise(100);
  EXPECT_EQ(resample(signal, 16000, 16000), signal);
}

TEST(Resample, StaysFiniteForTheLargestFloats) {
  std::vector<float> signal(3000, std::numeric_limits<float>::max());
  for (std::size_t i = 0; i < signal.size(); i += 50) signal[i] = -signal[i];
  for (const float sample : resample(signal, 24414, 22050)) ASSERT_TRUE(std::isfinite(sample));
}

TEST(Resample, RefusesImpossibleRates) {
  const auto signal = noise(10);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double rate : {0.0, -1.0, 0.5, nan, infinity, 1e10}) {
    EXPECT_THROW(resample(signal, rate, 16000), core::ConfigError) << rate;
    EXPECT_THROW(resample(signal, 16000, rate), core::ConfigError) << rate;
  }
}

}  // namespace
}  // namespace ser::dsp
