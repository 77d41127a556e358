#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "augment/apply.h"

namespace ser::augment {
namespace {

TEST(Noise, IsTheSamplesPlusScaledNormalNumbers) {
  const auto input = tone(300.0, 20000);
  const auto output = apply("noise", R"({"amplitude": 0.1})", input, 5);
  core::RandomStream random(5);
  const double largest = *std::max_element(input.samples.begin(), input.samples.end());
  const double deviation = 0.1 * random.uniform() * largest;
  double sum_of_squares = 0.0;
  for (std::size_t i = 0; i < input.samples.size(); ++i) {
    const double noise = static_cast<double>(output.samples[i]) - input.samples[i];
    ASSERT_NEAR(noise, deviation * random.normal(), 1e-7) << i;
    sum_of_squares += noise * noise;
  }
  // the standard error of a standard deviation is 1/sqrt(2n) of it: 5 of them
  EXPECT_NEAR(std::sqrt(sum_of_squares / 20000.0), deviation, deviation * 5.0 / 200.0);
}

TEST(Noise, OfNoAmplitudeIsNone) {
  const auto input = tone(300.0, 1000);
  EXPECT_EQ(apply("noise", R"({"amplitude": 0})", input).samples, input.samples);
}

TEST(TimeStretch, ChangesTheLengthAndKeepsThePitch) {
  const auto input = tone(300.0, 32000);
  const auto slow = apply("time_stretch", "{}", input);
  EXPECT_EQ(slow.samples.size(), 40000U);
  EXPECT_NEAR(frequency_of(slow), 300.0, 1.5);
  const auto fast = apply("time_stretch", R"({"rate": 1.6})", input);
  EXPECT_EQ(fast.samples.size(), 20000U);
  EXPECT_NEAR(frequency_of(fast), 300.0, 1.5);
}

TEST(TimeStretch, ASpreadStaysInItsRange) {
  const auto input = tone(300.0, 4000);
  std::size_t shortest = 1000000;
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto size =
        apply("time_stretch", R"({"rate": 1.0, "rate_spread": 0.2})", input, seed).samples.size();
    shortest = std::min(shortest, size);
    longest = std::max(longest, size);
  }
  // 4000/1.2 and 4000/0.8; 50 draws miss the outer tenth at both ends with probability 0.005
  EXPECT_GE(shortest, 3333U);
  EXPECT_LE(shortest, 3448U);
  EXPECT_GE(longest, 4762U);
  EXPECT_LE(longest, 5000U);
}

TEST(TimeStretch, RangesOutsideTheLimitsAreRefused) {
  for (const char* parameters : {R"({"rate": 0.3, "rate_spread": 0.1})",
                                 R"({"rate": 3.9, "rate_spread": 0.2})", R"({"rate": 0.0})"}) {
    EXPECT_THROW(apply("time_stretch", parameters, tone(300.0, 10)), core::ConfigError)
        << parameters;
  }
  EXPECT_THROW(apply("pitch_shift", R"({"semitones": 23, "semitones_spread": 2})", tone(300.0, 10)),
               core::ConfigError);
}

TEST(PitchShift, ChangesThePitchAndKeepsTheLength) {
  const auto input = tone(300.0, 32000);
  const auto classic = apply("pitch_shift", "{}", input);
  EXPECT_EQ(classic.samples.size(), 32000U);
  EXPECT_NEAR(frequency_of(classic), 300.0 * std::exp2(0.7 / 12.0), 1.5);
  const auto octave = apply("pitch_shift", R"({"semitones": -12})", input);
  EXPECT_EQ(octave.samples.size(), 32000U);
  EXPECT_NEAR(frequency_of(octave), 150.0, 1.0);
}

TEST(TimeShift, RotatesByTheDrawnNumberOfSamples) {
  audio::Waveform input{{}, 16000};
  for (int i = 0; i < 8000; ++i) input.samples.push_back(static_cast<float>(i));
  bool left = false;
  bool right = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    core::RandomStream random(seed);
    const int shift = static_cast<int>(random.uniform(-5.0, 5.0) * 1000.0);
    const auto output = apply("time_shift", "{}", input, seed);
    ASSERT_EQ(output.samples.size(), 8000U);
    for (int i = 0; i < 8000; ++i) {
      ASSERT_EQ(output.samples[static_cast<std::size_t>((i + shift + 8000) % 8000)],
                static_cast<float>(i));
    }
    (shift < 0 ? left : right) = true;
  }
  EXPECT_TRUE(left && right);
}

TEST(TimeShift, ShiftsLongerThanTheClipWrapAround) {
  const audio::Waveform input{{1.0F, 2.0F, 3.0F}, 16000};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto samples = apply("time_shift", R"({"max_shift_samples": 1073741824})", input, seed).samples;
    std::rotate(samples.begin(), std::find(samples.begin(), samples.end(), 1.0F), samples.end());
    EXPECT_EQ(samples, input.samples);
  }
}

}  // namespace
}  // namespace ser::augment
