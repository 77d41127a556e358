#include "ser/audio/silence.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace ser::audio {
namespace {

// Silence, a tone, silence, the tone 40 dB fainter, silence: each 20 hops long.
constexpr std::size_t kPart = 20 * 512;

Waveform paused_tone() {
  Waveform waveform{std::vector<float>(5 * kPart, 0.0F), 22050};
  for (std::size_t i = 0; i < kPart; ++i) {
    const auto sample =
        static_cast<float>(std::sin(2.0 * std::numbers::pi * static_cast<double>(i) / 100.0));
    waveform.samples[kPart + i] = sample;
    waveform.samples[3 * kPart + i] = 0.01F * sample;
  }
  return waveform;
}

TEST(Silence, PartsReachAFrameBeyondTheSound) {
  const auto parts = sounding_parts(paused_tone().samples, 60.0);
  ASSERT_EQ(parts.size(), 2U);
  // Frames are 4 hops long: those centred one hop before and at the end still hear the tone.
  EXPECT_EQ(parts[0].begin, kPart - 512);
  EXPECT_EQ(parts[0].end, 2 * kPart + 2 * 512);
  EXPECT_EQ(parts[1].begin, 3 * kPart - 512);
  EXPECT_EQ(parts[1].end, 4 * kPart + 2 * 512);
}

TEST(Silence, WhatIsFainterThanTheLimitIsSilent) {
  const auto parts = sounding_parts(paused_tone().samples, 30.0);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].begin, kPart - 512);
}

TEST(Silence, TrimKeepsWhatLiesBetweenAndRemoveDoesNot) {
  const Waveform waveform = paused_tone();
  const Waveform trimmed = trim_silence(waveform, 60.0);
  EXPECT_EQ(trimmed.sample_rate_hz, 22050);
  ASSERT_EQ(trimmed.samples.size(), 3 * kPart + 3 * 512);
  EXPECT_TRUE(std::equal(trimmed.samples.begin(), trimmed.samples.end(),
                         waveform.samples.begin() + kPart - 512));
  const Waveform sounding = remove_silence(waveform, 60.0);
  EXPECT_EQ(sounding.sample_rate_hz, 22050);
  EXPECT_EQ(sounding.samples.size(), 2 * (kPart + 3 * 512));
}

TEST(Silence, NothingIsTakenFromWhatHasOneLevel) {
  for (const auto& samples :
       {std::vector<float>(10000, 0.0F), std::vector<float>(10000, 1e-7F),
        std::vector<float>(1, 0.0F), std::vector<float>(1, 0.5F), std::vector<float>(512, 0.5F),
        std::vector<float>(513, 0.5F), std::vector<float>(10000, 3e38F)}) {
    for (const double top_db : {10.0, 60.0}) {
      EXPECT_EQ(trim_silence({samples, 8000}, top_db).samples, samples);
      EXPECT_EQ(remove_silence({samples, 8000}, top_db).samples, samples);
    }
  }
}

TEST(Silence, OfNothingIsNothing) {
  EXPECT_TRUE(sounding_parts({}, 60.0).empty());
  EXPECT_TRUE(trim_silence({{}, 8000}, 60.0).samples.empty());
  EXPECT_TRUE(remove_silence({{}, 8000}, 60.0).samples.empty());
}

TEST(Silence, AClickAtTheVeryEndIsKept) {
  for (const std::size_t count : {1U, 511U, 512U, 1024U, 5120U, 5121U}) {
    std::vector<float> samples(count, 0.0F);
    samples.back() = 1.0F;
    const auto sounding = remove_silence({samples, 8000}, 1.0).samples;
    ASSERT_FALSE(sounding.empty());
    EXPECT_EQ(sounding.back(), 1.0F);
  }
}

}  // namespace
}  // namespace ser::audio
