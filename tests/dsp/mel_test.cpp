#include "ser/dsp/mel.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ser/dsp/stft.h"

#include "dsp/signals.h"

namespace ser::dsp {
namespace {

TEST(MelScale, IsLinearBelowAndLogarithmicAboveOneKilohertz) {
  EXPECT_DOUBLE_EQ(hz_to_mel(0.0), 0.0);
  EXPECT_DOUBLE_EQ(hz_to_mel(200.0), 3.0);
  EXPECT_DOUBLE_EQ(hz_to_mel(1000.0), 15.0);
  EXPECT_NEAR(hz_to_mel(6400.0), 42.0, 1e-12);
  for (const double hz : {0.0, 60.0, 999.0, 1000.0, 1001.0, 11025.0}) {
    EXPECT_NEAR(mel_to_hz(hz_to_mel(hz)), hz, 1e-9);
  }
}

TEST(MelFilterbank, WideBandsHaveAreaOne) {
  const MelFilterbank filterbank(22050, 4096, 20);
  const Eigen::VectorXf sums = filterbank.dense().rowwise().sum();
  for (Eigen::Index band = 0; band < sums.size(); ++band) {
    EXPECT_NEAR(sums[band] * 22050.0 / 4096.0, 1.0, 0.01) << band;
  }
}

TEST(MelFilterbank, NeighboursCrossAtTheirCorners) {
  const Eigen::MatrixXf dense = MelFilterbank(22050, 2048, 40).dense();
  for (Eigen::Index band = 0; band + 2 < dense.rows(); ++band) {
    // bands that are not neighbours share no bin
    EXPECT_EQ(dense.row(band).dot(dense.row(band + 2)), 0.0F);
    EXPECT_GT(dense.row(band).dot(dense.row(band + 1)), 0.0F);
  }
  EXPECT_EQ(dense.col(0).sum(), 0.0F);
}

TEST(MelFilterbank, ToneIsInTheBandAroundIt) {
  const MelFilterbank filterbank(22050, 2048, 40);
  const auto magnitudes = Stft(2048, 512).magnitudes(sine(3000.0, 22050.0, 8192));
  const Eigen::MatrixXf mel = filterbank.apply_to_magnitudes(magnitudes);
  Eigen::Index loudest = 0;
  mel.col(8).maxCoeff(&loudest);
  const double step = hz_to_mel(11025.0) / 41.0;
  EXPECT_NEAR(step * static_cast<double>(loudest + 1), hz_to_mel(3000.0), step / 2.0);
}

TEST(MelFilterbank, SparseProductEqualsTheDenseOne) {
  const MelFilterbank filterbank(16000, 400, 64);  // so many bands that some are empty
  const auto magnitudes = Stft(400, 160).magnitudes(noise(4000));
  const Eigen::MatrixXd expected =
      filterbank.dense().cast<double>() * magnitudes.cwiseAbs2().cast<double>();
  const Eigen::MatrixXf actual = filterbank.apply_to_magnitudes(magnitudes);
  EXPECT_LT((actual.cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-7 * expected.maxCoeff());
}

}  // namespace
}  // namespace ser::dsp
