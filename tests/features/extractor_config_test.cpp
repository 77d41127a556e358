#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/features/extractor.h"

namespace ser::features {
namespace {

// The message of the error that a changed configuration is refused with.
std::string refusal(const std::function<void(FeatureConfig&)>& change) {
  FeatureConfig config;
  change(config);
  try {
    FeatureExtractor extractor(config);
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_CONFIG_VALUE");
    return error.what();
  }
  return "";
}

void expect_mentions(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST(FeatureConfig, DefaultsGiveTheClassicNumbers) {
  const FeatureExtractor extractor{FeatureConfig{}};
  const auto& names = extractor.row_names();
  ASSERT_EQ(names.size(), 162U);
  EXPECT_EQ(names[0], "zero_crossing_rate");
  EXPECT_EQ(names[1], "chroma_0");
  EXPECT_EQ(names[13], "mfcc_0");
  EXPECT_EQ(names[33], "rms");
  EXPECT_EQ(names[161], "mel_127");
  EXPECT_EQ(extractor.clip_names()[16], "mfcc_3_mean");
}

TEST(FeatureConfig, StatisticsAreOutermost) {
  FeatureConfig config;
  config.descriptors = {"rms", "zero_crossing_rate"};
  config.statistics = {"max", "p90"};
  const std::vector<std::string> expected = {"rms_max", "zero_crossing_rate_max", "rms_p90",
                                             "zero_crossing_rate_p90"};
  EXPECT_EQ(FeatureExtractor(config).clip_names(), expected);
}

TEST(FeatureConfig, DerivativesFollowAsRows) {
  FeatureConfig config;
  config.descriptors = {"rms", "zero_crossing_rate"};
  config.statistics = {"mean", "delta_mean"};
  config.delta_order = 2;
  const FeatureExtractor extractor(config);
  const std::vector<std::string> expected = {"rms",        "zero_crossing_rate",
                                             "delta_rms",  "delta_zero_crossing_rate",
                                             "delta2_rms", "delta2_zero_crossing_rate"};
  EXPECT_EQ(extractor.row_names(), expected);
  EXPECT_EQ(extractor.clip_names().size(), 12U);
  EXPECT_EQ(extractor.clip_names()[2], "delta_rms_mean");
}

TEST(FeatureConfig, FunctionalsStandAtTheEndOrAlone) {
  FeatureConfig config;
  config.descriptors = {"rms"};
  config.functionals = {"prosody"};
  EXPECT_EQ(FeatureExtractor(config).row_names().size(), 1U);
  const auto names = FeatureExtractor(config).clip_names();
  ASSERT_EQ(names.size(), 31U);
  EXPECT_EQ(names[0], "rms_mean");
  EXPECT_EQ(names[1], "prosody_f0_mean");
  config.descriptors.clear();
  EXPECT_EQ(FeatureExtractor(config).clip_names().size(), 30U);
  config.statistics.clear();
  EXPECT_EQ(FeatureExtractor(config).clip_names().size(), 30U);
}

TEST(FeatureConfig, MistakesAreNamed) {
  expect_mentions(refusal([](FeatureConfig& c) {
                    c.descriptors = {"mel", "brightness"};
                  }),
                  "\"brightness\"; known are zero_crossing_rate, chroma");
  expect_mentions(refusal([](FeatureConfig& c) { c.statistics = {"median"}; }),
                  "\"median\"; known are mean, std");
  expect_mentions(refusal([](FeatureConfig& c) {
                    c.descriptors = {"mel", "rms", "mel"};
                  }),
                  "\"mel\" stands twice");
  expect_mentions(refusal([](FeatureConfig& c) {
                    c.statistics = {"std", "std"};
                  }),
                  "\"std\" stands twice");
  expect_mentions(refusal([](FeatureConfig& c) { c.descriptors.clear(); }), "at least one");
  expect_mentions(refusal([](FeatureConfig& c) { c.statistics.clear(); }), "at least one");
  expect_mentions(refusal([](FeatureConfig& c) { c.functionals = {"melody"}; }),
                  "\"melody\"; known are prosody");
  expect_mentions(refusal([](FeatureConfig& c) { c.delta_order = 3; }), "delta_order");
  expect_mentions(refusal([](FeatureConfig& c) { c.f0_lowest_hz = 400.0; }), "twice the lowest");
  expect_mentions(refusal([](FeatureConfig& c) { c.mfcc_count = 129; }), "mel_bands (128)");
  expect_mentions(refusal([](FeatureConfig& c) { c.fft_size = 63; }), "fft_size");
  expect_mentions(refusal([](FeatureConfig& c) { c.sample_rate_hz = -1; }), "sample_rate_hz");
}

// Frames that overlap without need would take memory out of all proportion to the clip.
TEST(FeatureConfig, DensityOfFramesIsBounded) {
  expect_mentions(refusal([](FeatureConfig& c) { c.hop_length = 20; }), "at least 21");
  EXPECT_EQ(refusal([](FeatureConfig& c) { c.hop_length = 21; }), "");
  EXPECT_NE(refusal([](FeatureConfig& c) {
              c.fft_size = 65536;
              c.hop_length = 1;
            }),
            "");
}

TEST(FeatureConfig, NamesOfTheListsAreKnown) {
  FeatureConfig config;
  config.descriptors = descriptor_names();
  config.statistics = statistic_names();
  const FeatureExtractor extractor(config);
  EXPECT_EQ(extractor.clip_names().size(), extractor.row_names().size() * statistic_names().size());
}

FeatureConfig frames_config() {
  FeatureConfig config;
  config.form = "frames";
  config.descriptors = {"rms", "mel_db"};
  config.delta_order = 1;
  return config;
}

TEST(FeatureConfig, FormFramesHasTheRowsOfOneFrame) {
  FeatureConfig config = frames_config();
  config.statistics.clear();
  const FeatureExtractor extractor(config);
  EXPECT_TRUE(extractor.gives_frames());
  EXPECT_EQ(extractor.clip_names(), extractor.row_names());
  EXPECT_EQ(extractor.clip_names().size(), 2U * 129U);
  // the spectrum and its derivatives
  ASSERT_EQ(extractor.spectra().size(), 2U);
  EXPECT_EQ(extractor.spectra()[0].first, 1);
  EXPECT_EQ(extractor.spectra()[1].first, 130);
  EXPECT_EQ(extractor.spectra()[1].count, 128);
  expect_mentions(refusal([](FeatureConfig& c) {
                    c = frames_config();
                    c.functionals = {"prosody"};
                  }),
                  "functionals");
  expect_mentions(refusal([](FeatureConfig& c) { c.spectrum_normalization = "mean"; }),
                  "form frames");
}

TEST(FeatureConfig, SpectraAreNormalisedByTheirClip) {
  audio::Waveform clip{std::vector<float>(9000), 22050};
  for (std::size_t i = 0; i < clip.samples.size(); ++i) {
    clip.samples[i] = static_cast<float>((i * 7919) % 1009) / 2018.0F * static_cast<float>(i % 500);
  }
  const auto frames = [&](const char* mode, float gain) {
    FeatureConfig config = frames_config();
    config.spectrum_normalization = mode;
    audio::Waveform louder = clip;
    for (float& sample : louder.samples) sample *= gain;
    return FeatureExtractor(config).frames(louder).values;
  };
  const auto deviation = [](const auto& part) {
    return std::sqrt((part.array() - part.mean()).square().mean());
  };
  const Eigen::MatrixXf none = frames("none", 1.0F);
  const Eigen::MatrixXf level = frames("level", 1.0F).middleRows(1, 128);
  EXPECT_NEAR(level.mean(), 0.0F, 1e-5F);
  EXPECT_NEAR(deviation(level), 1.0F, 1e-4F);
  const Eigen::MatrixXf mean = frames("mean", 1.0F).middleRows(1, 128);
  const Eigen::MatrixXf standard = frames("standard", 1.0F).middleRows(1, 128);
  for (Eigen::Index band = 0; band < 128; ++band) {
    EXPECT_NEAR(mean.row(band).mean(), 0.0F, 1e-3F);
    EXPECT_NEAR(deviation(mean.row(band)), deviation(none.row(1 + band)), 1e-3F);
    EXPECT_NEAR(standard.row(band).mean(), 0.0F, 1e-4F);
    EXPECT_NEAR(deviation(standard.row(band)), 1.0F, 1e-3F);
  }
  for (const char* mode : {"level", "mean", "standard"}) {
    const Eigen::MatrixXf soft = frames(mode, 0.125F);
    const Eigen::MatrixXf loud = frames(mode, 1.0F);
    EXPECT_LE((soft - loud).middleRows(1, 128).cwiseAbs().maxCoeff(), 1e-3F) << mode;
    // other rows are as they are
    EXPECT_EQ(loud.row(0), none.row(0)) << mode;
  }
}

}  // namespace
}  // namespace ser::features
