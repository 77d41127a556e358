#include "ser/features/extractor.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"

namespace ser::features {
namespace {

constexpr int kExtractorRateHz = 22050;

audio::Waveform waveform(std::size_t samples, const std::function<double(double)>& value) {
  audio::Waveform clip;
  clip.sample_rate_hz = kExtractorRateHz;
  clip.samples.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    clip.samples[i] = static_cast<float>(value(static_cast<double>(i)));
  }
  return clip;
}

audio::Waveform noise(std::size_t samples) {
  core::RandomStream random(5);
  return waveform(samples, [&](double) { return random.uniform(-0.5, 0.5); });
}

Eigen::MatrixXf frames_of(const std::string& descriptor, const audio::Waveform& clip) {
  FeatureConfig config;
  config.descriptors = {descriptor};
  return FeatureExtractor(config).frames(clip).values;
}

TEST(FeatureExtractor, ZeroCrossingsOfAlternatingSamples) {
  const auto clip =
      waveform(10000, [](double i) { return static_cast<int>(i) % 2 == 0 ? 0.5 : -0.5; });
  const Eigen::MatrixXf rate = frames_of("zero_crossing_rate", clip);
  ASSERT_EQ(rate.cols(), 20);
  EXPECT_EQ(rate(0, 8), 2047.0F / 2048.0F);  // a frame's first sample never counts
  EXPECT_EQ(rate(0, 0), 1023.0F / 2048.0F);  // half of it lies before the clip, without crossings
}

TEST(FeatureExtractor, ZeroCrossingsIgnoreWhatIsAlmostZero) {
  const auto faint =
      waveform(4096, [](double i) { return static_cast<int>(i) % 2 == 0 ? 1e-10 : -1e-10; });
  EXPECT_EQ(frames_of("zero_crossing_rate", faint).maxCoeff(), 0.0F);
  const auto zeros =
      waveform(4096, [](double i) { return static_cast<int>(i) % 2 == 0 ? 0.0 : -0.0; });
  EXPECT_EQ(frames_of("zero_crossing_rate", zeros).maxCoeff(), 0.0F);
}

TEST(FeatureExtractor, RootMeanSquareOfASine) {
  const auto clip = waveform(22050, [](double i) {
    return 0.8 * std::sin(2.0 * std::numbers::pi * i / 64.0);  // 32 periods a frame
  });
  const Eigen::MatrixXf rms = frames_of("rms", clip);
  EXPECT_NEAR(rms(0, 20), 0.8 / std::sqrt(2.0), 1e-7);
  EXPECT_NEAR(rms(0, 0), 0.4, 1e-7);  // half of the first frame lies before the clip
}

TEST(FeatureExtractor, RootMeanSquareOfSilenceAfterNoiseIsZero) {
  auto clip = noise(20000);
  std::fill(clip.samples.begin() + 10000, clip.samples.end(), 0.0F);
  const Eigen::MatrixXf rms = frames_of("rms", clip);
  EXPECT_GT(rms(0, 10), 0.1F);
  EXPECT_EQ(rms(0, 30), 0.0F);
}

// Sizes without a common divisor take another way through the sums of blocks.
TEST(FeatureExtractor, RootMeanSquareForAnyHop) {
  FeatureConfig config;
  config.descriptors = {"rms"};
  config.fft_size = 501;
  config.hop_length = 77;
  const auto clip = noise(3000);
  const Eigen::MatrixXf rms = FeatureExtractor(config).frames(clip).values;
  ASSERT_EQ(rms.cols(), 1 + 3000 / 77);
  for (Eigen::Index frame = 0; frame < rms.cols(); ++frame) {
    double energy = 0.0;
    for (Eigen::Index i = 77 * frame - 250; i < 77 * frame - 250 + 501; ++i) {
      if (i < 0 || i >= 3000) continue;
      const double sample = clip.samples[static_cast<std::size_t>(i)];
      energy += sample * sample;
    }
    EXPECT_NEAR(rms(0, frame), std::sqrt(energy / 501.0), 1e-7);
  }
}

TEST(FeatureExtractor, SilenceHasTheValuesOfTheFloor) {
  const FeatureExtractor extractor{FeatureConfig{}};
  const Eigen::VectorXf vector = extractor.clip_vector(waveform(5000, [](double) { return 0.0; }));
  EXPECT_EQ(vector.head(13), Eigen::VectorXf::Zero(13));
  EXPECT_NEAR(vector[13], -1131.371F, 1e-3F);  // -100 dB in 128 bands, times sqrt(128)
  EXPECT_LT(vector.segment(14, 19).cwiseAbs().maxCoeff(), 1e-4F);
  EXPECT_EQ(vector.tail(129), Eigen::VectorXf::Zero(129));
}

TEST(FeatureExtractor, FirstCepstralCoefficientIsTheMeanLevel) {
  FeatureConfig config;
  config.descriptors = {"mfcc", "mel_db"};
  config.mfcc_count = 1;
  const Eigen::MatrixXf values = FeatureExtractor(config).frames(noise(8000)).values;
  for (Eigen::Index frame = 0; frame < values.cols(); ++frame) {
    EXPECT_NEAR(values(0, frame), values.col(frame).tail(128).sum() / std::sqrt(128.0F), 1e-3F);
  }
}

TEST(FeatureExtractor, DescriptorsDoNotDependOnTheirCompany) {
  FeatureConfig config;
  config.descriptors = {"mel_db", "mel", "rms", "mfcc", "chroma", "zero_crossing_rate"};
  const auto clip = noise(9000);
  const Eigen::MatrixXf together = FeatureExtractor(config).frames(clip).values;
  Eigen::Index row = 0;
  for (const std::string& descriptor : config.descriptors) {
    const Eigen::MatrixXf alone = frames_of(descriptor, clip);
    EXPECT_EQ(together.middleRows(row, alone.rows()), alone) << descriptor;
    row += alone.rows();
  }
  EXPECT_EQ(row, together.rows());
}

TEST(FeatureExtractor, ClipVectorHoldsTheStatisticsOfTheFrames) {
  FeatureConfig config;
  config.statistics = {"min", "mean", "p50"};
  const FeatureExtractor extractor(config);
  const auto clip = noise(9000);
  const Eigen::MatrixXf values = extractor.frames(clip).values;
  const Eigen::VectorXf vector = extractor.clip_vector(clip);
  ASSERT_EQ(vector.size(), 3 * 162);
  EXPECT_EQ(vector.head(162), values.rowwise().minCoeff());
  EXPECT_TRUE(vector.segment(162, 162).isApprox(values.rowwise().mean(), 1e-5F));
}

TEST(FeatureExtractor, KeepsTheFrameShift) {
  const FeatureMatrix matrix = FeatureExtractor{FeatureConfig{}}.frames(noise(1000));
  EXPECT_DOUBLE_EQ(matrix.frame_shift_s, 512.0 / 22050.0);
}

TEST(FeatureExtractor, IsFiniteForAnyFiniteSamples) {
  FeatureConfig config;
  config.descriptors = descriptor_names();
  config.statistics = statistic_names();
  const FeatureExtractor extractor(config);
  const double largest = std::numeric_limits<float>::max();
  for (const double scale : {1e-45, 1e-30, 1.0, 1e15, 1e20, 1e30, 2.0 * largest}) {
    auto clip = noise(6000);
    for (float& sample : clip.samples) {
      sample = static_cast<float>(scale * static_cast<double>(sample));
    }
    EXPECT_TRUE(extractor.frames(clip).values.allFinite()) << scale;
    EXPECT_TRUE(extractor.clip_vector(clip).allFinite()) << scale;
  }
  // all of one sign, so that sums grow beyond what float can hold
  EXPECT_TRUE(extractor.clip_vector(waveform(6000, [&](double) { return largest; })).allFinite());
}

TEST(FeatureExtractor, RefusesWhatItCannotMeasure) {
  const FeatureExtractor extractor{FeatureConfig{}};
  const auto code_of = [&](const audio::Waveform& clip) -> std::string {
    try {
      extractor.clip_vector(clip);
    } catch (const core::Error& error) {
      return error.code();
    }
    return "";
  };
  EXPECT_EQ(code_of({{0.1F}, 16000}), "E_SAMPLE_RATE");
  EXPECT_EQ(code_of({{}, kExtractorRateHz}), "E_AUDIO_EMPTY");
  EXPECT_EQ(code_of({{0.1F, std::numeric_limits<float>::quiet_NaN()}, kExtractorRateHz}),
            "E_AUDIO_NOT_FINITE");
  EXPECT_EQ(code_of({{std::numeric_limits<float>::infinity()}, kExtractorRateHz}),
            "E_AUDIO_NOT_FINITE");
}

TEST(FeatureExtractor, ThreadsMayShareOne) {
  const FeatureExtractor extractor{FeatureConfig{}};
  const auto clip = noise(9000);
  const Eigen::VectorXf expected = extractor.clip_vector(clip);
  std::vector<Eigen::VectorXf> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] { result = extractor.clip_vector(clip); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(FeatureExtractor, PutsEveryNumberOfAClipIntoOneGroup) {
  FeatureConfig config;
  config.descriptors = {"mfcc", "rms"};
  config.statistics = {"mean", "std"};
  config.mfcc_count = 3;
  config.delta_order = 2;
  config.functionals = {"prosody"};
  const FeatureExtractor extractor(config);
  const auto& names = extractor.clip_names();
  std::vector<int> times(names.size(), 0);
  std::string groups;
  for (const auto& group : extractor.clip_groups()) {
    groups += group.name + " ";
    for (const auto row : group.rows) {
      const auto at = static_cast<std::size_t>(row);
      ++times[at];
      EXPECT_TRUE(group.name == "prosody" || names[at].starts_with(group.name)) << names[at];
    }
  }
  EXPECT_EQ(groups, "mfcc rms delta_mfcc delta_rms delta2_mfcc delta2_rms prosody ");
  EXPECT_EQ(times, std::vector<int>(names.size(), 1));
  config.descriptors.clear();
  config.statistics.clear();
  EXPECT_EQ(FeatureExtractor(config).clip_groups().size(), 1U);
}

TEST(FeatureExtractor, TellsWhichRowsAreSpectra) {
  FeatureConfig config;
  config.mel_bands = 40;
  config.descriptors = {"rms", "mel_db", "mfcc", "mel", "chroma"};
  const FeatureExtractor extractor(config);
  const auto& spectra = extractor.spectra();
  ASSERT_EQ(spectra.size(), 2U);
  EXPECT_EQ(extractor.row_names()[static_cast<std::size_t>(spectra[0].first)], "mel_db_0");
  EXPECT_EQ(extractor.row_names()[static_cast<std::size_t>(spectra[1].first)], "mel_0");
  EXPECT_EQ(spectra[0].count, 40);
  EXPECT_EQ(spectra[1].count, 40);
}

}  // namespace
}  // namespace ser::features
