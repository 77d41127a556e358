#include "ser/dsp/tuning.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/dsp/stft.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

constexpr int kTuningRateHz = 22050;
constexpr int kTuningFftSize = 2048;

double tuning_of(const std::vector<float>& signal) {
  return estimate_tuning(Stft(kTuningFftSize, 512).magnitudes(signal), kTuningRateHz,
                         kTuningFftSize);
}

TEST(Tuning, MeasuresTheDistanceFromConcertPitch) {
  for (const double semitones : {-0.4, -0.17, 0.0, 0.23, 0.4}) {
    const double frequency = 1760.0 * std::pow(2.0, semitones / 12.0);
    EXPECT_NEAR(tuning_of(sine(frequency, kTuningRateHz, 30000)), semitones, 0.03) << semitones;
  }
}

TEST(Tuning, IsZeroWithoutPitches) {
  EXPECT_EQ(tuning_of(std::vector<float>(5000, 0.0F)), 0.0);
  EXPECT_EQ(tuning_of(sine(60.0, kTuningRateHz, 30000)), 0.0);  // below the range of pitches
}

TEST(Tuning, IsAMultipleOfAHundredth) {
  const double tuning = tuning_of(noise(30000));
  EXPECT_GE(tuning, -0.5);
  EXPECT_LT(tuning, 0.5);
  EXPECT_NEAR(tuning * 100.0, std::round(tuning * 100.0), 1e-9);
}

TEST(Tuning, TakesAnySpectrogram) {
  EXPECT_EQ(estimate_tuning(Eigen::MatrixXf(2, 0), kTuningRateHz, 2), 0.0);
  EXPECT_EQ(estimate_tuning(Eigen::MatrixXf::Ones(2, 3), kTuningRateHz, 2), 0.0);
  Eigen::MatrixXf spikes = Eigen::MatrixXf::Zero(33, 4);
  for (Eigen::Index bin = 1; bin < 33; bin += 2) {
    spikes.row(bin).setConstant(std::numeric_limits<float>::max());
  }
  const double tuning = estimate_tuning(spikes, 192000, 64);
  EXPECT_TRUE(tuning >= -0.5 && tuning < 0.5);
}

}  // namespace
}  // namespace ser::dsp
