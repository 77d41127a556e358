#include <cmath>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "ser/core/random.h"
#include "ser/features/extractor.h"

// What every line of features.def and functionals.def promises, whatever the clip: as many rows as
// names, a column for each hop, and finite numbers.
namespace ser::features {
namespace {

struct Clip {
  const char* name;
  std::size_t samples;
  double (*value)(std::size_t, core::RandomStream&);
};

double noise_value(std::size_t, core::RandomStream& random) { return random.uniform(-1.0, 1.0); }

constexpr Clip kClips[] = {
    {"silence", 5000, [](std::size_t, core::RandomStream&) { return 0.0; }},
    {"constant", 5000, [](std::size_t, core::RandomStream&) { return 0.5; }},
    {"impulse", 5000, [](std::size_t i, core::RandomStream&) { return i == 2500 ? 1.0 : 0.0; }},
    {"one sample", 1, [](std::size_t, core::RandomStream&) { return 0.5; }},
    {"shorter than a frame", 60, &noise_value},
    {"noise", 5000, &noise_value},
    {"tone", 5000,
     [](std::size_t i, core::RandomStream&) { return std::sin(0.05 * static_cast<double>(i)); }},
    {"largest numbers", 5000,
     [](std::size_t i, core::RandomStream&) { return i / 40 % 2 == 0 ? 3e38 : -3e38; }},
    {"full-scale square", 5000,
     [](std::size_t i, core::RandomStream&) { return i / 40 % 2 == 0 ? 1.0 : -1.0; }},
};

struct Framing {
  const char* name;
  int sample_rate_hz;
  int fft_size;
  int hop_length;
  int mel_bands;
};

constexpr Framing kFramings[] = {
    {"classic", 22050, 2048, 512, 128},
    {"speech", 16000, 400, 160, 40},
    {"odd", 8000, 127, 50, 26},
    {"gaps", 192000, 64, 1000, 20},
};

FeatureConfig config_for(const Framing& framing) {
  FeatureConfig config;
  config.sample_rate_hz = framing.sample_rate_hz;
  config.fft_size = framing.fft_size;
  config.hop_length = framing.hop_length;
  config.mel_bands = framing.mel_bands;
  config.statistics = statistic_names();
  return config;
}

audio::Waveform waveform_of(const Clip& clip, int sample_rate_hz) {
  audio::Waveform waveform;
  waveform.sample_rate_hz = sample_rate_hz;
  core::RandomStream random(7);
  for (std::size_t i = 0; i < clip.samples; ++i) {
    waveform.samples.push_back(static_cast<float>(clip.value(i, random)));
  }
  return waveform;
}

void expect_clip_vector(const FeatureExtractor& extractor, const audio::Waveform& waveform) {
  const Eigen::VectorXf vector = extractor.clip_vector(waveform);
  EXPECT_EQ(vector.size(), static_cast<Eigen::Index>(extractor.clip_names().size()));
  EXPECT_TRUE(vector.allFinite());
  // the same clip gives the same bits
  EXPECT_EQ(extractor.clip_vector(waveform), vector);
}

void expect_contract(const std::string& descriptor, const Clip& clip, const Framing& framing) {
  FeatureConfig config = config_for(framing);
  config.descriptors = {descriptor};
  const FeatureExtractor extractor(config);

  const audio::Waveform waveform = waveform_of(clip, framing.sample_rate_hz);
  const FeatureMatrix matrix = extractor.frames(waveform);
  ASSERT_FALSE(extractor.row_names().empty());
  EXPECT_EQ(matrix.values.rows(), static_cast<Eigen::Index>(extractor.row_names().size()));
  EXPECT_EQ(matrix.values.cols(), 1 + static_cast<Eigen::Index>(clip.samples) / framing.hop_length);
  EXPECT_TRUE(matrix.values.allFinite());
  for (const std::string& row : extractor.row_names()) {
    EXPECT_TRUE(row.starts_with(descriptor)) << row;
  }
  expect_clip_vector(extractor, waveform);
}

class DescriptorContract : public testing::TestWithParam<std::string> {};

TEST_P(DescriptorContract, HoldsForEveryClip) {
  for (const Clip& clip : kClips) {
    for (const Framing& framing : kFramings) {
      SCOPED_TRACE(std::string(clip.name) + ", " + framing.name);
      expect_contract(GetParam(), clip, framing);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Features, DescriptorContract, testing::ValuesIn(descriptor_names()),
                         [](const auto& instance) { return instance.param; });

class FunctionalsContract : public testing::TestWithParam<std::string> {};

TEST_P(FunctionalsContract, HoldsForEveryClip) {
  for (const Clip& clip : kClips) {
    for (const Framing& framing : kFramings) {
      SCOPED_TRACE(std::string(clip.name) + ", " + framing.name);
      FeatureConfig config = config_for(framing);
      config.descriptors.clear();
      config.functionals = {GetParam()};
      const FeatureExtractor extractor(config);
      for (const std::string& name : extractor.clip_names()) {
        EXPECT_TRUE(name.starts_with(GetParam() + "_")) << name;
      }
      expect_clip_vector(extractor, waveform_of(clip, framing.sample_rate_hz));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Features, FunctionalsContract, testing::ValuesIn(functionals_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace ser::features
