#include <cstddef>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/random.h"
#include "ser/features/extractor.h"

// What every line of features.def promises, whatever the clip: as many rows as names, a column for
// each hop, and finite numbers.
namespace ser::features {
namespace {

struct Clip {
  const char* name;
  std::size_t samples;
  std::function<double(std::size_t, core::RandomStream&)> value;
};

const std::vector<Clip>& clips() {
  static const std::vector<Clip> list = {
      {"silence", 5000, [](std::size_t, core::RandomStream&) { return 0.0; }},
      {"dc", 5000, [](std::size_t, core::RandomStream&) { return 0.5; }},
      {"impulse", 5000, [](std::size_t i, core::RandomStream&) { return i == 2500 ? 1.0 : 0.0; }},
      {"one_sample", 1, [](std::size_t, core::RandomStream&) { return 0.5; }},
      {"shorter_than_a_frame", 100,
       [](std::size_t, core::RandomStream& random) { return random.uniform(-1.0, 1.0); }},
      {"noise", 5000,
       [](std::size_t, core::RandomStream& random) { return random.uniform(-1.0, 1.0); }},
      {"full_scale_square", 5000,
       [](std::size_t i, core::RandomStream&) { return i / 40 % 2 == 0 ? 1.0 : -1.0; }},
  };
  return list;
}

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

using Parameters = std::tuple<std::string, std::size_t, std::size_t>;

class DescriptorContract : public testing::TestWithParam<Parameters> {};

TEST_P(DescriptorContract, Holds) {
  const auto& [descriptor, clip_index, framing_index] = GetParam();
  const Clip& clip = clips()[clip_index];
  const Framing& framing = kFramings[framing_index];
  FeatureConfig config;
  config.sample_rate_hz = framing.sample_rate_hz;
  config.fft_size = framing.fft_size;
  config.hop_length = framing.hop_length;
  config.mel_bands = framing.mel_bands;
  config.descriptors = {descriptor};
  config.statistics = statistic_names();
  const FeatureExtractor extractor(config);

  audio::Waveform waveform;
  waveform.sample_rate_hz = framing.sample_rate_hz;
  core::RandomStream random(7);
  for (std::size_t i = 0; i < clip.samples; ++i) {
    waveform.samples.push_back(static_cast<float>(clip.value(i, random)));
  }
  const FeatureMatrix matrix = extractor.frames(waveform);
  ASSERT_FALSE(extractor.row_names().empty());
  EXPECT_EQ(matrix.values.rows(), static_cast<Eigen::Index>(extractor.row_names().size()));
  EXPECT_EQ(matrix.values.cols(), 1 + static_cast<Eigen::Index>(clip.samples) / framing.hop_length);
  EXPECT_TRUE(matrix.values.allFinite());
  for (const std::string& row : extractor.row_names()) {
    EXPECT_TRUE(row.starts_with(descriptor)) << row;
  }

  const Eigen::VectorXf vector = extractor.clip_vector(waveform);
  EXPECT_EQ(vector.size(), static_cast<Eigen::Index>(extractor.clip_names().size()));
  EXPECT_TRUE(vector.allFinite());
  // the same clip gives the same bits
  EXPECT_EQ(extractor.clip_vector(waveform), vector);
}

INSTANTIATE_TEST_SUITE_P(Features, DescriptorContract,
                         testing::Combine(testing::ValuesIn(descriptor_names()),
                                          testing::Range<std::size_t>(0, clips().size()),
                                          testing::Range<std::size_t>(0, std::size(kFramings))),
                         [](const testing::TestParamInfo<Parameters>& instance) {
                           return std::get<0>(instance.param) + "_" +
                                  clips()[std::get<1>(instance.param)].name + "_" +
                                  kFramings[std::get<2>(instance.param)].name;
                         });

}  // namespace
}  // namespace ser::features
