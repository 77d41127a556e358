#include <gtest/gtest.h>

#include "ser/dsp/chroma.h"
#include "ser/dsp/mel.h"
#include "ser/dsp/stft.h"
#include "ser/dsp/tuning.h"
#include "ser/features/extractor.h"

#include "golden/librosa_reference.h"

// One clip step by step, frame by frame.
namespace ser::golden {
namespace {

const std::string kClip = "speech12_24414";

Eigen::MatrixXd expected(const std::string& quantity) {
  return reference_matrix(kClip + "." + quantity);
}

const std::vector<float>& samples() {
  static const std::vector<float> signal = reference_signal(kClip + ".y");
  return signal;
}

Eigen::MatrixXd frames_of(const std::string& descriptor) {
  features::FeatureConfig config;
  config.descriptors = {descriptor};
  const features::FeatureExtractor extractor(config);
  return extractor.frames({samples(), 22050}).values.cast<double>();
}

double largest_difference(const Eigen::MatrixXd& actual, const Eigen::MatrixXd& reference) {
  EXPECT_EQ(actual.rows(), reference.rows());
  EXPECT_EQ(actual.cols(), reference.cols());
  return (actual - reference).cwiseAbs().maxCoeff();
}

double largest_ratio(const Eigen::MatrixXd& actual, const Eigen::MatrixXd& reference) {
  EXPECT_EQ(actual.rows(), reference.rows());
  EXPECT_EQ(actual.cols(), reference.cols());
  return ((actual - reference).array().abs() / reference.array().abs()).maxCoeff();
}

TEST(Frames, Magnitudes) {
  const Eigen::MatrixXd actual = dsp::Stft(2048, 512).magnitudes(samples()).cast<double>();
  EXPECT_LE(largest_ratio(actual, expected("mag")), 2 * kOneFloat);
}

TEST(Frames, MelFilterbank) {
  const Eigen::MatrixXd actual = dsp::MelFilterbank(22050, 2048, 128).dense().cast<double>();
  EXPECT_EQ(actual, expected("melfb"));
}

TEST(Frames, ChromaFilterbank) {
  const double tuning = expected("tuning")(0, 0);
  const Eigen::MatrixXd actual = dsp::chroma_filterbank(22050, 2048, tuning).cast<double>();
  EXPECT_LE(largest_ratio(actual, expected("chromafb")), kOneFloat);
}

TEST(Frames, Tuning) {
  const auto magnitudes = dsp::Stft(2048, 512).magnitudes(samples());
  EXPECT_EQ(dsp::estimate_tuning(magnitudes, 22050, 2048), expected("tuning")(0, 0));
}

// Sums of a thousand floats, ours in double, librosa's in float.
TEST(Frames, Mel) { EXPECT_LE(largest_ratio(frames_of("mel"), expected("mel")), 1e-6); }
TEST(Frames, Chroma) {
  EXPECT_LE(largest_difference(frames_of("chroma"), expected("chroma")), 2e-6);
}

// 1e-6 of a power are 4e-6 dB; a float of 100 dB is accurate to 8e-6.
TEST(Frames, MelInDecibels) {
  EXPECT_LE(largest_difference(frames_of("mel_db"), expected("logmel")), 2e-5);
}
TEST(Frames, Mfcc) { EXPECT_LE(largest_difference(frames_of("mfcc"), expected("mfcc")), 4.4e-4); }

TEST(Frames, RootMeanSquare) {
  EXPECT_LE(largest_difference(frames_of("rms"), expected("rms")), kTolerance.rms);
}
TEST(Frames, ZeroCrossingRate) { EXPECT_EQ(frames_of("zero_crossing_rate"), expected("zcr")); }

}  // namespace
}  // namespace ser::golden
