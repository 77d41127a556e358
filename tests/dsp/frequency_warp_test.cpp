#include "ser/dsp/frequency_warp.h"

#include <gtest/gtest.h>

#include "ser/dsp/mel.h"
#include "ser/dsp/stft.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

TEST(FrequencyWarp, EqualsThePapersEquation) {
  // by hand, for 16 kHz: 1.1 bends at 4800 / 1.1, 0.9 at 4800
  const FrequencyWarp up{1.1, 4800.0};
  EXPECT_DOUBLE_EQ(up.warped(1000.0, 16000.0), 1100.0);
  EXPECT_DOUBLE_EQ(up.warped(4800.0 / 1.1, 16000.0), 4800.0);
  EXPECT_NEAR(up.warped(6000.0, 16000.0), 6240.0, 1e-9);
  const FrequencyWarp down{0.9, 4800.0};
  EXPECT_DOUBLE_EQ(down.warped(1000.0, 16000.0), 900.0);
  EXPECT_DOUBLE_EQ(down.warped(4800.0, 16000.0), 4320.0);
  EXPECT_NEAR(down.warped(6400.0, 16000.0), 6160.0, 1e-9);
}

TEST(FrequencyWarp, RisesWithoutAJumpFromEndToEnd) {
  for (const double rate_hz : {4000.0, 8000.0, 22050.0, 192000.0}) {
    for (const double factor : {0.5, 0.9, 1.0, 1.1, 2.0}) {
      for (const double boundary_hz : {100.0, 4800.0, 100000.0}) {
        const FrequencyWarp warp{factor, boundary_hz};
        EXPECT_EQ(warp.warped(0.0, rate_hz), 0.0);
        EXPECT_NEAR(warp.warped(rate_hz / 2.0, rate_hz), rate_hz / 2.0, 1e-9);
        const double step = rate_hz / 2.0 / 1000.0;
        for (int i = 0; i < 1000; ++i) {
          const double rise = warp.warped((i + 1) * step, rate_hz) - warp.warped(i * step, rate_hz);
          ASSERT_GT(rise, 0.0);
          // the steepest: a factor of 0.5 bent at 0.9 of the axis leaves 0.55 for its last tenth
          ASSERT_LT(rise, 5.6 * step);
        }
      }
    }
  }
}

TEST(FrequencyWarp, OfFactorOneLeavesEveryBitOfTheMelBands) {
  EXPECT_EQ(MelFilterbank(22050, 2048, 128, {1.0, 3000.0}).dense(),
            MelFilterbank(22050, 2048, 128).dense());
}

TEST(FrequencyWarp, MovesTheMelBands) {
  const auto loudest = [](const FrequencyWarp& warp, double frequency_hz) {
    const auto magnitudes = Stft(2048, 512).magnitudes(sine(frequency_hz, 22050.0, 8192));
    const Eigen::MatrixXf mel =
        MelFilterbank(22050, 2048, 40, warp).apply_to_magnitudes(magnitudes);
    Eigen::Index band = 0;
    mel.col(8).maxCoeff(&band);
    return band;
  };
  for (const double frequency_hz : {500.0, 1000.0, 2000.0, 3500.0}) {
    for (const double factor : {0.8, 1.25}) {
      const auto band = loudest({}, frequency_hz);
      EXPECT_EQ(loudest({factor, 4800.0}, frequency_hz * factor), band);
      EXPECT_NE(loudest({factor, 4800.0}, frequency_hz), band);
    }
  }
}

}  // namespace
}  // namespace ser::dsp
