#include "ser/dsp/phase_vocoder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/dsp/stft.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

constexpr int kPhaseVocoderRateHz = 22050;

// The loudest bin of a frame in the middle, in Hz.
double pitch_hz(const std::vector<float>& signal) {
  constexpr int kFftSize = 8192;
  const auto magnitudes = Stft(kFftSize, 1024).magnitudes(signal);
  Eigen::Index loudest = 0;
  magnitudes.col(magnitudes.cols() / 2).maxCoeff(&loudest);
  return static_cast<double>(loudest) * kPhaseVocoderRateHz / kFftSize;
}

bool all_finite(const std::vector<float>& signal) {
  return std::all_of(signal.begin(), signal.end(), [](float x) { return std::isfinite(x); });
}

TEST(TimeStretch, KeepsThePitchAndChangesTheDuration) {
  const auto signal = sine(440.0, kPhaseVocoderRateHz, 33000);
  for (const double rate : {0.7, 0.8, 1.25, 2.0}) {
    const auto stretched = time_stretch(signal, rate);
    EXPECT_EQ(stretched.size(), static_cast<std::size_t>(std::nearbyint(33000 / rate)));
    EXPECT_NEAR(pitch_hz(stretched), 440.0, 3.0) << rate;
  }
}

TEST(TimeStretch, LengthRoundsHalvesToEven) {
  EXPECT_EQ(time_stretch(noise(5), 2.0).size(), 2U);
  EXPECT_EQ(time_stretch(noise(7), 2.0).size(), 4U);
  EXPECT_EQ(time_stretch(noise(1), 2.0).size(), 0U);
  EXPECT_TRUE(time_stretch({}, 2.0).empty());
}

TEST(TimeStretch, RateOneChangesNothing) {
  const auto signal = noise(10000);
  EXPECT_GT(signal_to_noise_db(time_stretch(signal, 1.0), signal), 60.0);
}

TEST(TimeStretch, RefusesImpossibleRates) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double rate : {0.0, -1.0, nan, 1e-9, 65.0}) {
    EXPECT_THROW(time_stretch(noise(10), rate), core::ConfigError) << rate;
  }
}

TEST(PitchShift, ShiftsThePitchAndKeepsTheDuration) {
  const auto signal = sine(440.0, kPhaseVocoderRateHz, 33000);
  for (const double semitones : {-12.0, -3.0, 0.0, 0.7, 12.0}) {
    const auto shifted = pitch_shift(signal, kPhaseVocoderRateHz, semitones);
    EXPECT_EQ(shifted.size(), signal.size());
    EXPECT_NEAR(pitch_hz(shifted), 440.0 * std::pow(2.0, semitones / 12.0), 3.0) << semitones;
  }
}

TEST(PitchShift, TakesShortSignals) {
  for (const std::size_t samples : {0U, 1U, 2U, 100U}) {
    for (const double semitones : {-72.0, -0.7, 0.7, 72.0}) {
      const auto shifted = pitch_shift(noise(samples), kPhaseVocoderRateHz, semitones);
      EXPECT_EQ(shifted.size(), samples);
      EXPECT_TRUE(all_finite(shifted));
    }
  }
}

TEST(PitchShift, RefusesImpossibleShifts) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double semitones : {-73.0, 73.0, nan}) {
    EXPECT_THROW(pitch_shift(noise(10), kPhaseVocoderRateHz, semitones), core::ConfigError)
        << semitones;
  }
}

TEST(PhaseVocoder, SilenceStaysSilent) {
  const std::vector<float> silence(5000, 0.0F);
  for (const auto& changed :
       {time_stretch(silence, 0.8), pitch_shift(silence, kPhaseVocoderRateHz, 0.7)}) {
    EXPECT_TRUE(std::all_of(changed.begin(), changed.end(), [](float x) { return x == 0.0F; }));
  }
}

TEST(PhaseVocoder, TakesAConstantAndAFullScaleSquare) {
  std::vector<float> square(20000);
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = i / 40 % 2 == 0 ? 1.0F : -1.0F;
  const std::vector<float> constant(20000, 0.5F);
  for (const auto& signal : {constant, square}) {
    const auto stretched = time_stretch(signal, 0.8);
    EXPECT_EQ(stretched.size(), 25000U);
    EXPECT_TRUE(all_finite(stretched));
    EXPECT_TRUE(all_finite(pitch_shift(signal, kPhaseVocoderRateHz, 0.7)));
  }
}

TEST(PhaseVocoder, StaysFiniteForTheLargestFloats) {
  std::vector<float> signal = noise(5000);
  for (float& sample : signal) sample *= std::numeric_limits<float>::max();
  EXPECT_TRUE(all_finite(time_stretch(signal, 0.8)));
  EXPECT_TRUE(all_finite(pitch_shift(signal, kPhaseVocoderRateHz, 0.7)));
}

}  // namespace
}  // namespace ser::dsp
