#include "ser/dsp/spectral_contrast.h"

#include <gtest/gtest.h>

namespace ser::dsp {
namespace {

TEST(SpectralContrast, BandsBeginBelowHalfTheRate) {
  EXPECT_EQ(spectral_contrast_bands(22050), 7);
  EXPECT_EQ(spectral_contrast_bands(12801), 7);
  EXPECT_EQ(spectral_contrast_bands(12800), 6);  // where librosa begins to refuse
  EXPECT_EQ(spectral_contrast_bands(8000), 6);
  EXPECT_EQ(spectral_contrast_bands(6400), 5);
}

// 1 Hz a bin. A line of 10 in a floor of 0.1 stands 20 dB out where it is all of a band's top 2 %.
TEST(SpectralContrast, OfLinesAboveAFloor) {
  Eigen::MatrixXf magnitudes = Eigen::MatrixXf::Constant(8193, 2, 0.1F);
  magnitudes.block(300, 1, 10, 1).setConstant(10.0F);   // band of 200 to 400 Hz: 4 bins are 2 %
  magnitudes.block(5000, 1, 20, 1).setConstant(10.0F);  // band of 3200 to 6400 Hz: 64 bins
  const Eigen::MatrixXf contrast = spectral_contrast_db(magnitudes, 16384, 16384);
  ASSERT_EQ(contrast.rows(), 7);
  EXPECT_LT(contrast.col(0).cwiseAbs().maxCoeff(), 1e-4F);
  EXPECT_NEAR(contrast(2 - 1, 1), 20.0F, 1e-4F);
  EXPECT_NEAR(contrast(5, 1), 10.0F * std::log10((20 * 10.0F + 44 * 0.1F) / 64 / 0.1F), 1e-3F);
  EXPECT_NEAR(contrast(3, 1), 0.0F, 1e-4F);
}

TEST(SpectralContrast, OfSilenceAndOfEmptyBandsIsZero) {
  EXPECT_EQ(spectral_contrast_db(Eigen::MatrixXf::Zero(1025, 3), 22050, 2048),
            Eigen::MatrixXf::Zero(7, 3));
  const Eigen::MatrixXf coarse =
      spectral_contrast_db(Eigen::MatrixXf::Constant(33, 2, 0.3F), 192000, 64);
  EXPECT_EQ(coarse, Eigen::MatrixXf::Zero(7, 2));
}

}  // namespace
}  // namespace ser::dsp
