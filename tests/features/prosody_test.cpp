#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "ser/features/extractor.h"

namespace ser::features {
namespace {

constexpr int kProsodyRateHz = 16000;

FeatureConfig prosody_config() {
  FeatureConfig config;
  config.sample_rate_hz = kProsodyRateHz;
  config.hop_length = 160;
  config.descriptors = {};
  config.statistics = {};
  config.functionals = {"prosody"};
  return config;
}

std::map<std::string, double> prosody_of(const std::vector<float>& samples) {
  const FeatureExtractor extractor(prosody_config());
  const Eigen::VectorXf values = extractor.clip_vector({samples, kProsodyRateHz});
  std::map<std::string, double> numbers;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    numbers[extractor.clip_names()[static_cast<std::size_t>(i)]] = values[i];
  }
  return numbers;
}

// Adds `seconds` of a tone that glides from one frequency to the other.
void append_tone(std::vector<float>& samples, double seconds, double from_hz, double to_hz) {
  const auto count = static_cast<std::size_t>(seconds * kProsodyRateHz);
  double phase = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count);
    phase += 2.0 * std::numbers::pi * from_hz * std::pow(to_hz / from_hz, share) / kProsodyRateHz;
    samples.push_back(static_cast<float>(0.5 * std::sin(phase)));
  }
}

void append_silence(std::vector<float>& samples, double seconds) {
  samples.resize(samples.size() + static_cast<std::size_t>(seconds * kProsodyRateHz), 0.0F);
}

TEST(Prosody, OfASteadyTone) {
  std::vector<float> samples;
  append_tone(samples, 2.0, 220.0, 220.0);
  const auto numbers = prosody_of(samples);
  EXPECT_NEAR(numbers.at("prosody_f0_mean"), 36.0, 0.1);  // three octaves above 27.5 Hz
  EXPECT_NEAR(numbers.at("prosody_f0_p50"), 36.0, 0.1);
  EXPECT_NEAR(numbers.at("prosody_f0_range"), 0.0, 0.1);
  EXPECT_NEAR(numbers.at("prosody_voiced_share"), 1.0, 0.03);
  EXPECT_EQ(numbers.at("prosody_voiced_segments_per_s"), 0.5);
  EXPECT_NEAR(numbers.at("prosody_voiced_segment_s_mean"), 2.0, 0.05);
  EXPECT_LT(numbers.at("prosody_jitter_mean"), 1e-3);
  EXPECT_LT(numbers.at("prosody_shimmer_mean"), 5e-3);
  EXPECT_GT(numbers.at("prosody_harmonics_to_noise_mean"), 30.0);
}

TEST(Prosody, OfARiseAndAFall) {
  std::vector<float> samples;
  append_tone(samples, 1.0, 110.0, 220.0);  // 12 semitones a second
  append_silence(samples, 0.5);
  append_tone(samples, 0.5, 440.0, 220.0);  // -24
  const auto numbers = prosody_of(samples);
  EXPECT_NEAR(numbers.at("prosody_f0_rise_mean"), 12.0, 1.0);
  EXPECT_NEAR(numbers.at("prosody_f0_fall_mean"), -24.0, 2.0);
}

TEST(Prosody, OfTonesAndPauses) {
  std::vector<float> samples;
  append_silence(samples, 0.6);
  for (int i = 0; i < 4; ++i) {
    append_tone(samples, 0.4, 200.0, 200.0);
    append_silence(samples, 0.6);
  }
  const auto numbers = prosody_of(samples);
  EXPECT_NEAR(numbers.at("prosody_voiced_segments_per_s"), 4.0 / 4.6, 1e-6);
  EXPECT_NEAR(numbers.at("prosody_voiced_segment_s_mean"), 0.4, 0.03);
  EXPECT_NEAR(numbers.at("prosody_unvoiced_segment_s_mean"), 0.6, 0.03);
  EXPECT_NEAR(numbers.at("prosody_voiced_share"), 1.6 / 4.6, 0.03);
}

TEST(Prosody, LoudnessRisesAndFallsWithTheSound) {
  std::vector<float> samples;
  append_tone(samples, 4.0, 1000.0, 1000.0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time_s = static_cast<double>(i) / kProsodyRateHz;
    samples[i] *= static_cast<float>(0.55 - 0.45 * std::cos(2.0 * std::numbers::pi * time_s));
  }
  const auto numbers = prosody_of(samples);
  EXPECT_NEAR(numbers.at("prosody_loudness_peaks_per_s"), 1.0, 0.01);
  EXPECT_GT(numbers.at("prosody_loudness_rise_mean"), 0.0);
  EXPECT_NEAR(numbers.at("prosody_loudness_rise_mean") / -numbers.at("prosody_loudness_fall_mean"),
              1.0, 0.05);
}

TEST(Prosody, OfSilenceIsZeroButForItsLength) {
  std::vector<float> samples;
  append_silence(samples, 2.0);
  for (const auto& [name, value] : prosody_of(samples)) {
    EXPECT_NEAR(value, name == "prosody_unvoiced_segment_s_mean" ? 2.01 : 0.0, 1e-6) << name;
  }
}

}  // namespace
}  // namespace ser::features
