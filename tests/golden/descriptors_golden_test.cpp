#include <cmath>

#include <gtest/gtest.h>

#include "ser/features/extractor.h"

#include "golden/librosa_reference.h"

// The descriptors that librosa has too, frame by frame.
namespace ser::golden {
namespace {

class Descriptors : public testing::TestWithParam<const char*> {
 protected:
  Eigen::MatrixXd expected(const std::string& descriptor) const {
    return reference_matrix(std::string(GetParam()) + "." + descriptor);
  }

  Eigen::MatrixXd frames_of(const std::string& descriptor, int delta_order = 0) const {
    features::FeatureConfig config;
    config.descriptors = {descriptor};
    config.delta_order = delta_order;
    return features::FeatureExtractor(config)
        .frames({reference_signal(std::string(GetParam()) + ".y"), 22050})
        .values.cast<double>();
  }

  void expect_near(const Eigen::MatrixXd& actual, const Eigen::MatrixXd& reference,
                   double tolerance) const {
    ASSERT_EQ(actual.rows(), reference.rows());
    ASSERT_EQ(actual.cols(), reference.cols());
    EXPECT_LE((actual - reference).cwiseAbs().maxCoeff(), tolerance);
  }

  void expect_ratio_near_one(const Eigen::MatrixXd& actual, const Eigen::MatrixXd& reference,
                             double tolerance) const {
    ASSERT_EQ(actual.rows(), reference.rows());
    ASSERT_EQ(actual.cols(), reference.cols());
    for (Eigen::Index i = 0; i < actual.size(); ++i) {
      EXPECT_LE(std::abs(actual(i) - reference(i)), tolerance * std::abs(reference(i))) << i;
    }
  }
};

// MFCC may differ by 4.4e-4 (README.md beside this file); the weights of a delta, without their
// signs, add up to a third.
constexpr double kDelta = 4.4e-4 / 3.0;

TEST_P(Descriptors, SpectralCentroid) {
  expect_ratio_near_one(frames_of("spectral_centroid"), expected("spectral_centroid"), kOneFloat);
}
TEST_P(Descriptors, SpectralBandwidth) {
  expect_ratio_near_one(frames_of("spectral_bandwidth"), expected("spectral_bandwidth"), kOneFloat);
}
TEST_P(Descriptors, SpectralRolloff) {
  EXPECT_EQ(frames_of("spectral_rolloff"), expected("spectral_rolloff"));
}
// Sums of a thousand floats, ours in double, librosa's in float.
TEST_P(Descriptors, SpectralFlatness) {
  expect_ratio_near_one(frames_of("spectral_flatness"), expected("spectral_flatness"), 1e-5);
}
// A float of 100 dB is accurate to 8e-6; there is one of the peaks and one of the valleys.
TEST_P(Descriptors, SpectralContrast) {
  expect_near(frames_of("spectral_contrast"), expected("spectral_contrast"), 1.6e-5);
}
TEST_P(Descriptors, FundamentalFrequency) {
  expect_ratio_near_one(frames_of("f0_hz"), expected("f0_hz"), kOneFloat);
}
TEST_P(Descriptors, VoicingProbability) {
  expect_near(frames_of("voicing_probability"), expected("voicing_probability"), kOneFloat);
}
TEST_P(Descriptors, Delta) {
  expect_near(frames_of("mfcc", 1).middleRows(20, 3), expected("delta_mfcc"), kDelta);
}
TEST_P(Descriptors, SecondDelta) {
  expect_near(frames_of("mfcc", 2).middleRows(40, 3), expected("delta2_mfcc"), kDelta);
}

INSTANTIATE_TEST_SUITE_P(Clips, Descriptors,
                         testing::Values("speech07_16000", "speech12_24414",
                                         "sweep_24414_s16_mono"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace ser::golden
