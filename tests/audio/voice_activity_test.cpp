#include "ser/audio/voice_activity.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <gtest/gtest.h>

namespace ser::audio {
namespace {

constexpr int kRate = 16000;

// Uniform noise of this level (dB full scale) at all frequencies.
std::vector<float> noise(double duration_s, double level_db, int rate = kRate) {
  std::vector<float> samples(static_cast<std::size_t>(duration_s * rate));
  std::uint64_t state = 1;
  const double scale = std::sqrt(3.0) * std::pow(10.0, level_db / 20.0);
  for (float& sample : samples) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    sample = static_cast<float>(scale * (static_cast<double>(state >> 11) * 0x1p-52 - 1.0));
  }
  return samples;
}

// Adds a voice: harmonics of a gliding pitch, louder and softer four times a second like syllables.
void add_voice(std::vector<float>& samples, double begin_s, double end_s, double amplitude = 0.1,
               int rate = kRate) {
  double phase = 0.0;
  for (auto i = static_cast<std::size_t>(begin_s * rate);
       i < static_cast<std::size_t>(end_s * rate); ++i) {
    const double time_s = static_cast<double>(i) / rate;
    phase += 2.0 * std::numbers::pi * (150.0 + 30.0 * std::sin(3.0 * time_s)) / rate;
    const double syllable = 0.6 + 0.4 * std::sin(2.0 * std::numbers::pi * 4.0 * time_s);
    double sum = 0.0;
    for (int harmonic = 1; harmonic <= 10; ++harmonic) {
      sum += std::sin(harmonic * phase) / harmonic;
    }
    samples[i] += static_cast<float>(amplitude * syllable * sum);
  }
}

std::vector<VoiceActivity::Region> found(const std::vector<float>& samples, int rate = kRate) {
  const auto regions = speech_regions({samples, rate});
  EXPECT_EQ(has_speech({samples, rate}), !regions.empty());
  return regions;
}

TEST(VoiceActivity, FindsWhereAVoiceBeginsAndEnds) {
  for (const int rate : {8000, 16000, 22050, 44100, 48000, 96000}) {
    for (const double noise_db : {-120.0, -65.0, -45.0}) {
      auto samples = noise(8.0, noise_db, rate);
      add_voice(samples, 2.0, 3.5, 0.1, rate);
      add_voice(samples, 5.0, 5.6, 0.1, rate);
      const auto regions = found(samples, rate);
      ASSERT_EQ(regions.size(), 2U) << rate << " Hz, noise at " << noise_db;
      const double expected[] = {2.0, 3.5, 5.0, 5.6};
      for (int i = 0; i < 4; ++i) {
        const auto& region = regions[static_cast<std::size_t>(i / 2)];
        EXPECT_NEAR(static_cast<double>(i % 2 == 0 ? region.begin : region.end) / rate, expected[i],
                    0.1)
            << rate << " Hz, noise at " << noise_db;
      }
    }
  }
}

TEST(VoiceActivity, BridgesShortPausesAndLeavesOutWhatIsShort) {
  auto samples = noise(6.0, -70.0);
  add_voice(samples, 1.0, 1.5);
  add_voice(samples, 1.7, 2.0);
  add_voice(samples, 4.0, 4.05);
  const auto regions = found(samples);
  ASSERT_EQ(regions.size(), 1U);
  EXPECT_NEAR(static_cast<double>(regions[0].begin) / kRate, 1.0, 0.1);
  EXPECT_NEAR(static_cast<double>(regions[0].end) / kRate, 2.0, 0.1);
}

TEST(VoiceActivity, SilenceNoiseAndHumAreNoSpeech) {
  EXPECT_TRUE(found({}).empty());
  EXPECT_TRUE(found({0.1F}).empty());
  EXPECT_TRUE(found(std::vector<float>(5 * kRate, 0.0F)).empty());
  EXPECT_TRUE(found(std::vector<float>(5 * kRate, 0.5F)).empty());
  for (const double level_db : {-80.0, -60.0, -40.0, -20.0}) {
    EXPECT_TRUE(found(noise(10.0, level_db)).empty()) << level_db;
  }
  auto hum = noise(30.0, -75.0);
  for (std::size_t i = 0; i < hum.size(); ++i) {
    hum[i] += 0.0005F * std::sin(static_cast<float>(2.0 * std::numbers::pi * 150.0 / kRate) *
                                 static_cast<float>(i % kRate));
  }
  EXPECT_TRUE(found(hum).empty());
}

// Tones about 16 kHz would be a voice if every third sample of 48 kHz were taken as it is.
TEST(VoiceActivity, WhatIsTooHighToBeHeardIsNoSpeech) {
  constexpr int kHighRate = 48000;
  auto samples = noise(4.0, -80.0, kHighRate);
  for (std::size_t i = kHighRate; i < 3 * kHighRate; ++i) {
    const double time_s = static_cast<double>(i) / kHighRate;
    const double syllable = 0.6 + 0.4 * std::sin(2.0 * std::numbers::pi * 4.0 * time_s);
    for (int harmonic = 1; harmonic <= 10; ++harmonic) {
      const double hz = 16000.0 + 150.0 * harmonic;
      samples[i] += static_cast<float>(0.1 * syllable *
                                       std::sin(2.0 * std::numbers::pi * hz * time_s) / harmonic);
    }
  }
  EXPECT_TRUE(found(samples, kHighRate).empty());
}

class VoiceActivityInPieces : public ::testing::TestWithParam<int> {};

TEST_P(VoiceActivityInPieces, HowItIsCutDoesNotMatter) {
  const int rate = GetParam();
  auto samples = noise(7.0, -60.0, rate);
  add_voice(samples, 0.0, 1.0, 0.1, rate);
  add_voice(samples, 3.0, 7.0, 0.1, rate);
  const auto whole = found(samples, rate);
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_EQ(whole[0].begin, 0U);
  EXPECT_EQ(whole[1].end, samples.size());
  for (const std::size_t part : {1U, 77U, 160U, 5000U}) {
    VoiceActivity activity(rate);
    std::vector<VoiceActivity::Region> regions;
    std::uint64_t settled = 0;
    for (std::size_t i = 0; i < samples.size(); i += part) {
      const std::size_t before = regions.size();
      activity.push(std::span(samples).subspan(i, std::min(part, samples.size() - i)), regions);
      if (regions.size() > before) {
        EXPECT_GE(regions.back().begin, settled);
      }
      if (const auto open = activity.open()) {
        EXPECT_GE(open->begin, settled);
      }
      settled = activity.settled();
    }
    activity.finish(regions);
    ASSERT_EQ(regions.size(), whole.size()) << part;
    for (std::size_t i = 0; i < regions.size(); ++i) {
      EXPECT_EQ(regions[i].begin, whole[i].begin) << part;
      EXPECT_EQ(regions[i].end, whole[i].end) << part;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, VoiceActivityInPieces, ::testing::Values(16000, 44100, 48000));

}  // namespace
}  // namespace ser::audio
