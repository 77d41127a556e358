#include "ser/dsp/chroma.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/dsp/stft.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

constexpr int kChromaRateHz = 22050;
constexpr int kChromaFftSize = 4096;

Eigen::Index strongest_class(double frequency_hz, double tuning) {
  const auto magnitudes =
      Stft(kChromaFftSize, 1024).magnitudes(sine(frequency_hz, kChromaRateHz, 16384));
  const Eigen::MatrixXf classes =
      chroma(chroma_filterbank(kChromaRateHz, kChromaFftSize, tuning), magnitudes);
  Eigen::Index strongest = 0;
  EXPECT_EQ(classes.col(8).maxCoeff(&strongest), 1.0F);
  return strongest;
}

TEST(Chroma, SemitonesCountFromC) {
  for (int semitone = 0; semitone < 24; ++semitone) {
    const double frequency = 261.6255653 * std::pow(2.0, semitone / 12.0);
    EXPECT_EQ(strongest_class(frequency, 0.0), semitone % 12) << semitone;
  }
}

TEST(Chroma, FollowsTheTuning) {
  // Four tenths of a semitone above A: still A if the whole instrument is tuned that high, and
  // also if it is tuned to 440 Hz; two tenths further it is A sharp in the latter only.
  const double frequency = 440.0 * std::pow(2.0, 0.6 / 12.0);
  EXPECT_EQ(strongest_class(frequency, 0.0), 10);
  EXPECT_EQ(strongest_class(frequency, 0.4), 9);
}

TEST(Chroma, BinsAreWeightedByTheirOctave) {
  const Eigen::MatrixXf filterbank = chroma_filterbank(kChromaRateHz, kChromaFftSize, 0.0);
  // The fifth octave above 27.5 Hz starts at 880 Hz, and two octaves from it the weight is
  // exp(-1/2).
  const double bin_hz = static_cast<double>(kChromaRateHz) / kChromaFftSize;
  for (const Eigen::Index bin : {41, 164, 654}) {
    const double octaves = (std::log2(static_cast<double>(bin) * bin_hz / 27.5) - 5.0) / 2.0;
    EXPECT_NEAR(filterbank.col(bin).norm(), std::exp(-0.5 * octaves * octaves), 1e-6);
  }
}

TEST(Chroma, SilenceStaysZeroAndTheLargestFloatsStayFinite) {
  const Eigen::MatrixXf filterbank = chroma_filterbank(kChromaRateHz, 64, 0.0);
  EXPECT_EQ(chroma(filterbank, Eigen::MatrixXf::Zero(33, 2)), Eigen::MatrixXf::Zero(12, 2));
  const Eigen::MatrixXf loud = Eigen::MatrixXf::Constant(33, 20, std::numeric_limits<float>::max());
  const Eigen::MatrixXf classes = chroma(filterbank, loud);
  EXPECT_TRUE(classes.allFinite());
  EXPECT_EQ(classes.maxCoeff(), 1.0F);
}

}  // namespace
}  // namespace ser::dsp
