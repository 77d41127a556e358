#include "ser/dsp/pitch.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

// Half a tenth of a semitone, and the last digits of a float.
constexpr double kHalfStep = 1.0029003 + 1e-6;

// The first 8 harmonics of a tone whose frequency glides from one end to the other.
std::vector<float> harmonic_glide(double from_hz, double to_hz, int rate_hz, std::size_t samples) {
  std::vector<float> signal(samples);
  double phase = 0.0;
  for (std::size_t i = 0; i < samples; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(samples);
    phase += 2.0 * std::numbers::pi * from_hz * std::pow(to_hz / from_hz, share) / rate_hz;
    double sample = 0.0;
    for (int harmonic = 1; harmonic <= 8; ++harmonic) {
      sample += 0.2 / harmonic * std::sin(harmonic * phase);
    }
    signal[i] = static_cast<float>(sample);
  }
  return signal;
}

// Frames that look at nothing outside the signal.
std::pair<std::size_t, std::size_t> inner_frames(const PitchTracker& tracker,
                                                 const PitchTrack& track) {
  const auto margin = static_cast<std::size_t>(tracker.frame_length() / track.hop_length + 1);
  return {margin, track.frames() - margin};
}

class PitchOfTones : public testing::TestWithParam<std::tuple<int, double>> {};

TEST_P(PitchOfTones, IsTheirFrequency) {
  const auto [rate_hz, frequency_hz] = GetParam();
  const PitchTracker tracker({rate_hz, rate_hz / 50, 65.0, 700.0});
  const auto track = tracker.track(sine(frequency_hz, rate_hz, static_cast<std::size_t>(rate_hz)));
  const auto [first, last] = inner_frames(tracker, track);
  ASSERT_LT(first + 10, last);
  for (std::size_t frame = first; frame < last; ++frame) {
    const double ratio = track.f0_hz[frame] / frequency_hz;
    EXPECT_LT(std::max(ratio, 1.0 / ratio), kHalfStep) << frame;
    EXPECT_GT(track.voicing_probability[frame], 0.9F);
  }
}

INSTANTIATE_TEST_SUITE_P(RatesAndFrequencies, PitchOfTones,
                         testing::Combine(testing::Values(8000, 16000, 22050, 48000),
                                          testing::Values(70.0, 123.4, 220.0, 440.0, 690.0)));

TEST(Pitch, FollowsAGlideOfAHarmonicSound) {
  constexpr int kRateHz = 22050;
  const PitchTracker tracker({kRateHz, 256, 65.0, 700.0});
  const std::size_t samples = 2 * kRateHz;
  const auto track = tracker.track(harmonic_glide(100.0, 300.0, kRateHz, samples));
  const auto [first, last] = inner_frames(tracker, track);
  for (std::size_t frame = first; frame < last; ++frame) {
    const auto frequency_at = [&](double position) {
      return 100.0 * std::pow(3.0, position / static_cast<double>(samples));
    };
    // The first half of a frame is compared with what lies a period later.
    const double centre = static_cast<double>(frame) * 256.0 - tracker.frame_length() / 4.0;
    const double expected_hz = frequency_at(centre + 0.5 * kRateHz / frequency_at(centre));
    const double ratio = track.f0_hz[frame] / expected_hz;
    EXPECT_LT(std::max(ratio, 1.0 / ratio), kHalfStep + 0.002) << frame;
  }
}

TEST(Pitch, OfNoiseAndSilenceIsNone) {
  const PitchTracker tracker({});
  for (const auto& signal : {noise(22050), std::vector<float>(22050, 0.0F),
                             std::vector<float>(22050, 0.5F), std::vector<float>(1, 0.5F)}) {
    const auto track = tracker.track(signal);
    ASSERT_EQ(track.frames(), 1 + signal.size() / 512);
    EXPECT_EQ(std::count(track.f0_hz.begin(), track.f0_hz.end(), 0.0F),
              static_cast<std::ptrdiff_t>(track.frames()));
    const double sum =
        std::accumulate(track.voicing_probability.begin(), track.voicing_probability.end(), 0.0);
    EXPECT_LT(sum / static_cast<double>(track.frames()), 0.2);
  }
  EXPECT_EQ(tracker.track({}).frames(), 1U);
}

TEST(Pitch, VoicingBeginsAndEndsWithTheTone) {
  constexpr int kRateHz = 16000;
  auto signal = noise(3 * kRateHz);
  for (float& sample : signal) sample *= 0.01F;
  const auto tone = sine(200.0, kRateHz, kRateHz, 0.5);
  for (std::size_t i = 0; i < tone.size(); ++i) signal[kRateHz + i] += tone[i];
  const auto track = PitchTracker({kRateHz, 160, 65.0, 700.0}).track(signal);
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    const double time_s = 0.01 * static_cast<double>(frame);
    const bool near_the_ends = std::abs(time_s - 1.0) < 0.05 || std::abs(time_s - 2.0) < 0.05;
    if (near_the_ends) continue;
    EXPECT_EQ(track.voiced(frame), time_s > 1.0 && time_s < 2.0) << time_s;
  }
}

TEST(Pitch, OfTheLargestNumbersIsFinite) {
  std::vector<float> signal = sine(200.0, 22050, 8000, 3e38);
  const auto track = PitchTracker({}).track(signal);
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    EXPECT_TRUE(std::isfinite(track.f0_hz[frame]));
    EXPECT_TRUE(track.voicing_probability[frame] >= 0.0F &&
                track.voicing_probability[frame] <= 1.0F);
  }
}

TEST(Pitch, RefusesRangesThatCannotBeSearched) {
  EXPECT_THROW(PitchTracker({22050, 512, 400.0, 700.0}), core::ConfigError);  // no octave
  EXPECT_THROW(PitchTracker({4000, 512, 65.0, 1001.0}), core::ConfigError);   // above a quarter
  EXPECT_THROW(PitchTracker({192000, 512, 19.0, 700.0}), core::ConfigError);  // too low
  EXPECT_THROW(PitchTracker({22050, 0, 65.0, 700.0}), core::ConfigError);
  EXPECT_THROW(PitchTracker({22050, 512, std::nan(""), 700.0}), core::ConfigError);
}

}  // namespace
}  // namespace ser::dsp
