#include "ser/dsp/loudness.h"

#include <gtest/gtest.h>

#include "ser/dsp/mel.h"

namespace ser::dsp {
namespace {

// Published for Hermansky's curve: hearing falls off below and is best at a few kHz.
TEST(Loudness, EqualLoudnessIsThatOfHearing) {
  EXPECT_DOUBLE_EQ(equal_loudness(1000.0), 1.0);
  EXPECT_EQ(equal_loudness(0.0), 0.0);
  EXPECT_LT(equal_loudness(100.0), 0.02);
  EXPECT_GT(equal_loudness(3000.0), 1.0);
}

TEST(Loudness, OfAThousandTimesThePowerIsTenfold) {
  const auto centres_hz = mel_band_centres_hz(22050, 40);
  ASSERT_EQ(centres_hz.size(), 40U);
  Eigen::MatrixXf mel(40, 3);
  mel.col(0).setConstant(0.02F);
  mel.col(1).setConstant(20.0F);
  mel.col(2).setZero();
  const auto loud = loudness(mel, centres_hz);
  EXPECT_GT(loud[0], 0.0F);
  EXPECT_NEAR(loud[1] / loud[0], 10.0F, 1e-5F);
  EXPECT_EQ(loud[2], 0.0F);
}

TEST(Loudness, OfOneBandAt1kHzIsTheCubeRootOfItsPower) {
  EXPECT_FLOAT_EQ(loudness(Eigen::MatrixXf::Constant(1, 1, 8.0F), {1000.0})[0], 2.0F);
}

TEST(MelBandCentres, LieAtTheTipsOfTheTriangles) {
  const auto centres_hz = mel_band_centres_hz(16000, 26);
  const Eigen::MatrixXf bands = MelFilterbank(16000, 16384, 26).dense();
  for (Eigen::Index band = 0; band < 26; ++band) {
    Eigen::Index tip = 0;
    bands.row(band).maxCoeff(&tip);
    EXPECT_NEAR(static_cast<double>(tip) * 16000 / 16384,
                centres_hz[static_cast<std::size_t>(band)], 1.0);
  }
}

}  // namespace
}  // namespace ser::dsp
