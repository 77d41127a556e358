#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/features/extractor.h"

#include "support/temporary_folder.h"

// Recordings at the edge of what there is, from the file to the classic numbers.
namespace ser::features {
namespace {

constexpr int kEdgeCasesRateHz = 22050;

class EdgeCases : public testing::Test {
 protected:
  audio::LoadedAudio load(const std::vector<float>& samples, int sample_rate_hz) const {
    const auto path = folder_ / "clip.wav";
    audio::write_wav(path, {samples, sample_rate_hz}, audio::WavFormat::kFloat32);
    audio::LoadOptions options;
    options.sample_rate_hz = kEdgeCasesRateHz;
    return audio::load_audio(path, options);
  }

  // [162 x frames]
  Eigen::MatrixXf frames(const std::vector<float>& samples,
                         int sample_rate_hz = kEdgeCasesRateHz) const {
    const auto matrix = extractor_.frames(load(samples, sample_rate_hz).waveform).values;
    EXPECT_EQ(matrix.rows(), 162);
    EXPECT_TRUE(matrix.allFinite());
    return matrix;
  }

  const FeatureExtractor& extractor() const { return extractor_; }

 private:
  test::TemporaryFolder folder_;
  FeatureExtractor extractor_{FeatureConfig{}};
};

// Rows of the classic numbers.
constexpr Eigen::Index kZeroCrossingRate = 0;
constexpr Eigen::Index kChroma = 1;
constexpr Eigen::Index kMfcc = 13;
constexpr Eigen::Index kRms = 33;
constexpr Eigen::Index kMel = 34;

std::vector<float> sine(double frequency_hz, int sample_rate_hz, double duration_s) {
  std::vector<float> samples(static_cast<std::size_t>(duration_s * sample_rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(
        0.5 * std::sin(6.283185307179586 * frequency_hz * static_cast<double>(i) / sample_rate_hz));
  }
  return samples;
}

TEST_F(EdgeCases, NoSamples) {
  try {
    load({}, kEdgeCasesRateHz);
    ADD_FAILURE() << "an empty recording was loaded";
  } catch (const core::AudioError& error) {
    EXPECT_EQ(error.code(), "E_AUDIO_EMPTY");
  }
  EXPECT_THROW(extractor().frames({{}, kEdgeCasesRateHz}), core::AudioError);
}

TEST_F(EdgeCases, OneSample) {
  const Eigen::MatrixXf values = frames({0.5F});
  ASSERT_EQ(values.cols(), 1);
  EXPECT_EQ(values(kZeroCrossingRate, 0), 0.0F);
  EXPECT_FLOAT_EQ(values(kRms, 0), 0.5F / std::sqrt(2048.0F));
}

TEST_F(EdgeCases, ShorterThanAFrame) {
  const Eigen::MatrixXf values = frames(std::vector<float>(100, 0.5F));
  ASSERT_EQ(values.cols(), 1);
  EXPECT_FLOAT_EQ(values(kRms, 0), 0.5F * std::sqrt(100.0F / 2048.0F));
}

TEST_F(EdgeCases, Silence) {
  const Eigen::MatrixXf values = frames(std::vector<float>(30000, 0.0F));
  EXPECT_EQ(values.row(kZeroCrossingRate).maxCoeff(), 0.0F);
  EXPECT_EQ(values.middleRows(kChroma, 12).cwiseAbs().maxCoeff(), 0.0F);
  // -100 dB in 128 bands: -100 * sqrt(128)
  EXPECT_NEAR(values(kMfcc, 20), -1131.371F, 1e-3F);
  EXPECT_NEAR(values.middleRows(kMfcc + 1, 19).cwiseAbs().maxCoeff(), 0.0F, 1e-3F);
  EXPECT_EQ(values.row(kRms).maxCoeff(), 0.0F);
  EXPECT_EQ(values.middleRows(kMel, 128).maxCoeff(), 0.0F);
}

TEST_F(EdgeCases, Constant) {
  const Eigen::MatrixXf values = frames(std::vector<float>(30000, 0.25F));
  EXPECT_EQ(values.row(kZeroCrossingRate).maxCoeff(), 0.0F);
  EXPECT_FLOAT_EQ(values(kRms, 20), 0.25F);
  // a constant has only the bins 0 and 1, which is the first band's
  EXPECT_GT(values(kMel, 20), 0.0F);
  EXPECT_NEAR(values.block(kMel + 2, 20, 126, 1).maxCoeff(), 0.0F, 1e-9F);
}

TEST_F(EdgeCases, FullScaleSquare) {
  std::vector<float> samples(30000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = i / 32 % 2 == 0 ? 1.0F : -1.0F;
  const Eigen::MatrixXf values = frames(samples);
  EXPECT_FLOAT_EQ(values(kRms, 20), 1.0F);
  // every 32 samples, but a frame that starts with a crossing does not count it
  EXPECT_EQ(values(kZeroCrossingRate, 20), 63.0F / 2048.0F);
}

TEST_F(EdgeCases, SlowAndFastSources) {
  for (const int rate : {8000, 192000}) {
    SCOPED_TRACE(rate);
    const auto samples = sine(1000.0, rate, 1.5);
    const auto loaded = load(samples, rate);
    EXPECT_EQ(loaded.waveform.samples.size(),
              static_cast<std::size_t>(
                  std::ceil(static_cast<double>(samples.size()) * kEdgeCasesRateHz / rate)));
    const Eigen::MatrixXf values = frames(samples, rate);
    const Eigen::MatrixXf direct = frames(sine(1000.0, kEdgeCasesRateHz, 1.5));
    ASSERT_EQ(values.cols(), direct.cols());
    EXPECT_NEAR(values(kRms, 30), direct(kRms, 30), 1e-4F);
    EXPECT_NEAR(values(kZeroCrossingRate, 30), direct(kZeroCrossingRate, 30), 1.0F / 2048.0F);
    Eigen::Index band = 0;
    Eigen::Index expected_band = 0;
    values.block(kMel, 30, 128, 1).col(0).maxCoeff(&band);
    direct.block(kMel, 30, 128, 1).col(0).maxCoeff(&expected_band);
    EXPECT_EQ(band, expected_band);
  }
}

// What is no number in a file is silence, with a warning; the extractor itself refuses it.
TEST_F(EdgeCases, SamplesThatAreNotNumbers) {
  auto samples = sine(440.0, kEdgeCasesRateHz, 1.0);
  auto silenced = samples;
  for (std::size_t i = 5000; i < 5100; ++i) {
    samples[i] = std::numeric_limits<float>::quiet_NaN();
    silenced[i] = 0.0F;
  }
  EXPECT_EQ(load(samples, kEdgeCasesRateHz).warnings.size(), 1U);
  EXPECT_EQ(frames(samples), frames(silenced));
  EXPECT_THROW(extractor().frames({samples, kEdgeCasesRateHz}), core::AudioError);
}

}  // namespace
}  // namespace ser::features
