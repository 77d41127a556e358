#include "ser/dsp/stft.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

TEST(Stft, HasAFrameAtEveryHop) {
  const Stft stft(2048, 512);
  EXPECT_EQ(stft.bins(), 1025);
  EXPECT_EQ(stft.frames(1), 1);
  EXPECT_EQ(stft.frames(511), 1);
  EXPECT_EQ(stft.frames(512), 2);
  EXPECT_EQ(stft.magnitudes(noise(1024)).cols(), 3);
}

TEST(Stft, SineOfABinSpreadsOverThreeBins) {
  constexpr int kBin = 10;
  const Stft stft(256, 64);
  const auto magnitudes = stft.magnitudes(sine(kBin, 256.0, 1024, 0.5));
  // The window's transform has the values 1/2 and 1/4 (twice), times 0.5 * 256 / 2.
  for (Eigen::Index frame = 3; frame < 13; ++frame) {
    EXPECT_NEAR(magnitudes(kBin, frame), 32.0, 1e-4);
    EXPECT_NEAR(magnitudes(kBin - 1, frame), 16.0, 1e-4);
    EXPECT_NEAR(magnitudes(kBin + 1, frame), 16.0, 1e-4);
    EXPECT_NEAR(magnitudes(kBin + 2, frame), 0.0, 1e-4);
  }
}

TEST(Stft, MagnitudesAreThoseOfTheTransform) {
  const Stft stft(100, 30);
  const auto signal = noise(777);
  EXPECT_TRUE(stft.transform(signal).cwiseAbs().isApprox(stft.magnitudes(signal), 1e-6F));
}

TEST(Stft, SamplesBeyondTheEndsAreZero) {
  const Stft stft(64, 16);
  std::vector<float> padded(64, 0.0F);
  const auto signal = noise(100);
  padded.insert(padded.end(), signal.begin(), signal.end());
  padded.resize(padded.size() + 64, 0.0F);
  const auto alone = stft.magnitudes(signal);
  const auto within = stft.magnitudes(padded);
  EXPECT_EQ(alone, within.middleCols(4, alone.cols()));
}

TEST(Stft, InverseGivesTheSignalBack) {
  for (const std::size_t samples : {1U, 700U, 5000U}) {
    const Stft stft(512, 128);
    const auto signal = noise(samples);
    const auto back = stft.inverse(stft.transform(signal), samples);
    ASSERT_EQ(back.size(), samples);
    EXPECT_GT(signal_to_noise_db(back, signal), 120.0);
  }
}

TEST(Stft, InverseIsZeroWhereNoFrameReaches) {
  const Stft stft(64, 16);
  const auto back = stft.inverse(stft.transform(noise(64)), 1000);
  ASSERT_EQ(back.size(), 1000U);
  EXPECT_TRUE(std::all_of(back.begin() + 200, back.end(), [](float x) { return x == 0.0F; }));
  EXPECT_TRUE(stft.inverse(stft.transform(noise(64)), 0).empty());
}

TEST(Stft, StaysFiniteForTheLargestFloats) {
  const Stft stft(256, 64);
  const std::vector<float> loud(500, std::numeric_limits<float>::max());
  EXPECT_TRUE(stft.magnitudes(loud).allFinite());
  const auto back = stft.inverse(stft.transform(loud), loud.size());
  EXPECT_TRUE(std::all_of(back.begin(), back.end(), [](float x) { return std::isfinite(x); }));
}

TEST(Stft, RefusesImpossibleSizes) {
  EXPECT_THROW(Stft(1, 1), core::ConfigError);
  EXPECT_THROW(Stft(64, 0), core::ConfigError);
}

}  // namespace
}  // namespace ser::dsp
