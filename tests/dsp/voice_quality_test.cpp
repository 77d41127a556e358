#include "ser/dsp/voice_quality.h"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/random.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

constexpr int kVoiceQualityRateHz = 22050;

// A track that says the same of every frame.
PitchTrack steady_track(double f0_hz, std::size_t samples) {
  PitchTrack track;
  track.hop_length = 256;
  track.f0_hz.assign(1 + samples / 256, static_cast<float>(f0_hz));
  track.voicing_probability.assign(track.f0_hz.size(), 1.0F);
  return track;
}

// Pulses (Gaussian, 4 samples wide) whose distances and heights alternate around 110 samples and
// 0.5.
std::vector<float> pulses(double distance_change, double height_change) {
  std::vector<float> signal(20000, 0.0F);
  double centre = 200.0;
  for (int pulse = 0; centre < 19800.0; ++pulse) {
    const double sign = pulse % 2 == 0 ? 1.0 : -1.0;
    for (int i = -30; i <= 30; ++i) {
      const double position = std::floor(centre) + i;
      const double distance = (position - centre) / 4.0;
      signal[static_cast<std::size_t>(position)] += static_cast<float>(
          0.5 * (1.0 + sign * height_change) * std::exp(-0.5 * distance * distance));
    }
    centre += 110.0 * (1.0 + sign * distance_change);
  }
  return signal;
}

std::vector<float> inner(const std::vector<float>& values) {
  return {values.begin() + 10, values.end() - 10};
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class HarmonicsToNoise : public testing::TestWithParam<double> {};

// A tone in white noise: the ratio of their powers is known.
TEST_P(HarmonicsToNoise, IsTheRatioOfToneToNoise) {
  const double ratio_db = GetParam();
  auto signal = sine(220.0, kVoiceQualityRateHz, 60000);
  core::RandomStream random(11);
  const double deviation = std::sqrt(0.5 * std::pow(10.0, -ratio_db / 10.0));
  for (float& sample : signal) sample += static_cast<float>(deviation * random.normal());
  double sum = 0.0;
  int count = 0;
  for (std::ptrdiff_t centre = 2000; centre < 58000; centre += 500, ++count) {
    sum += harmonics_to_noise_db(signal, centre, kVoiceQualityRateHz / 220.0, 1024);
  }
  // The best of some lags is taken, which is a little better than the true one.
  EXPECT_NEAR(sum / count, ratio_db, 0.35);
}

INSTANTIATE_TEST_SUITE_P(Ratios, HarmonicsToNoise, testing::Values(0.0, 10.0, 20.0, 30.0));

TEST(HarmonicsToNoiseLimits, OfAToneOfSilenceAndOfTooLittle) {
  const auto tone = sine(220.5, kVoiceQualityRateHz, 5000);  // 100 samples a period
  EXPECT_EQ(harmonics_to_noise_db(tone, 2500, 100.0, 1024), 50.0);
  EXPECT_EQ(harmonics_to_noise_db(std::vector<float>(5000, 0.0F), 2500, 100.0, 1024), -20.0);
  EXPECT_EQ(harmonics_to_noise_db(std::vector<float>(5000, 0.7F), 2500, 100.0, 1024), -20.0);
  EXPECT_EQ(harmonics_to_noise_db(std::span(tone).first(150), 75, 100.0, 1024), -20.0);
  EXPECT_EQ(harmonics_to_noise_db({}, 0, 100.0, 1024), -20.0);
}

TEST(GlottalPeriods, OfATone) {
  const auto tone = sine(217.3, kVoiceQualityRateHz, 20000);
  const auto track = steady_track(220.0, tone.size());
  const auto periods = glottal_periods(tone, kVoiceQualityRateHz, track);
  EXPECT_GT(periods.size(), 190U);
  for (const auto& period : periods) {
    EXPECT_NEAR(period.length, kVoiceQualityRateHz / 217.3, 0.01);
    EXPECT_NEAR(period.peak, 1.0, 1e-3);
  }
  EXPECT_LT(mean(inner(local_jitter(periods, track, 2048))), 1e-4);
  EXPECT_LT(mean(inner(local_shimmer(periods, track, 2048))), 1e-3);
}

// Distances alternate by 2 * change, so that is the mean difference.
TEST(GlottalPeriods, JitterOfAlternatingDistances) {
  for (const double change : {0.01, 0.03}) {
    const auto signal = pulses(change, 0.0);
    const auto track = steady_track(kVoiceQualityRateHz / 110.0, signal.size());
    const auto periods = glottal_periods(signal, kVoiceQualityRateHz, track);
    for (const float jitter : inner(local_jitter(periods, track, 2048))) {
      EXPECT_NEAR(jitter, 2.0 * change, 0.002);
    }
    EXPECT_LT(mean(inner(local_shimmer(periods, track, 2048))), 0.005);
  }
}

TEST(GlottalPeriods, ShimmerOfAlternatingHeights) {
  for (const double change : {0.02, 0.1}) {
    const auto signal = pulses(0.0, change);
    const auto track = steady_track(kVoiceQualityRateHz / 110.0, signal.size());
    const auto periods = glottal_periods(signal, kVoiceQualityRateHz, track);
    for (const float shimmer : inner(local_shimmer(periods, track, 2048))) {
      EXPECT_NEAR(shimmer, 2.0 * change, 0.002);
    }
    EXPECT_LT(mean(inner(local_jitter(periods, track, 2048))), 1e-3);
  }
}

TEST(GlottalPeriods, AreFoundInVoicedStretchesOnly) {
  const auto tone = sine(200.0, kVoiceQualityRateHz, 20000);
  auto track = steady_track(200.0, tone.size());
  std::fill(track.f0_hz.begin() + 20, track.f0_hz.begin() + 40, 0.0F);
  const auto periods = glottal_periods(tone, kVoiceQualityRateHz, track);
  ASSERT_FALSE(periods.empty());
  EXPECT_EQ(periods.front().stretch, 0U);
  EXPECT_EQ(periods.back().stretch, 1U);
  for (const auto& period : periods) {
    EXPECT_FALSE(period.start > 20 * 256 && period.start < 39 * 256) << period.start;
  }
  const auto jitter = local_jitter(periods, track, 2048);
  EXPECT_EQ(std::vector<float>(jitter.begin() + 20, jitter.begin() + 40),
            std::vector<float>(20, 0.0F));
}

TEST(GlottalPeriods, OfClipsWithoutAPeriod) {
  EXPECT_TRUE(glottal_periods({}, kVoiceQualityRateHz, steady_track(100.0, 0)).empty());
  const std::vector<float> one = {0.5F};
  EXPECT_TRUE(glottal_periods(one, kVoiceQualityRateHz, steady_track(100.0, 1)).empty());
  const std::vector<float> silence(20000, 0.0F);
  const auto track = steady_track(100.0, silence.size());
  const auto periods = glottal_periods(silence, kVoiceQualityRateHz, track);
  EXPECT_EQ(mean(local_shimmer(periods, track, 2048)), 0.0);
}

}  // namespace
}  // namespace ser::dsp
