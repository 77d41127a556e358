#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "ser/audio/load.h"

#include "audio/loading.h"
#include "support/temporary_folder.h"

namespace ser::audio {
namespace {

constexpr int kRateHz = 16000;
constexpr int kFormatFrames = 1000;

struct Case {
  std::string name;
  int format;
  std::string container;
  std::string sample_format;
  // Largest difference: half a step, and one more because writers scale by 2^(n-1) - 1.
  double tolerance;
};

double sample_at(int frame) {
  return 0.8 * std::sin(2.0 * std::numbers::pi * 440.0 * frame / kRateHz);
}

constexpr double step(int bits) { return 2.0 / static_cast<double>(1LL << bits); }

std::vector<Case> cases() {
  // An 8-bit law keeps 4 bits below the leading one: its step at 0.8 of full scale is 1/32.
  constexpr double kLaw = 1.0 / 32.0;
  struct Kind {
    std::string name;
    int format;
    std::string container;
    int endian;
    std::vector<int> subtypes;
  };
  const std::vector<int> wav = {SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24,
                                SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,  SF_FORMAT_DOUBLE,
                                SF_FORMAT_ULAW,   SF_FORMAT_ALAW};
  const std::vector<int> aiff = {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24,
                                 SF_FORMAT_PCM_32};
  const std::vector<Kind> kinds = {
      {"Wav", SF_FORMAT_WAV, "WAV", 0, wav},
      {"Rifx",
       SF_FORMAT_WAV,
       "RIFX",
       SF_ENDIAN_BIG,
       {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE,
        SF_FORMAT_ULAW}},
      {"Wavex", SF_FORMAT_WAVEX, "WAV", 0, wav},
      {"Rf64", SF_FORMAT_RF64, "RF64", 0, wav},
      {"Aiff", SF_FORMAT_AIFF, "AIFF", 0, aiff},
      {"Aifc",
       SF_FORMAT_AIFF,
       "AIFF-C",
       0,
       {SF_FORMAT_PCM_U8, SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW}},
      {"Sowt",
       SF_FORMAT_AIFF,
       "AIFF-C",
       SF_ENDIAN_LITTLE,
       {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32}},
      {"Flac", SF_FORMAT_FLAC, "FLAC", 0, {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24}},
  };
  std::vector<Case> list;
  for (const auto& kind : kinds) {
    for (const int subtype : kind.subtypes) {
      Case one{kind.name, kind.format | kind.endian | subtype, kind.container, "", 0.0};
      switch (subtype) {
        case SF_FORMAT_PCM_U8:
          one.sample_format = "PCM_U8";
          one.tolerance = 1.5 * step(8);
          break;
        case SF_FORMAT_PCM_S8:
          one.sample_format = "PCM_S8";
          one.tolerance = 1.5 * step(8);
          break;
        case SF_FORMAT_PCM_16:
          one.sample_format = "PCM_16";
          one.tolerance = 1.5 * step(16);
          break;
        case SF_FORMAT_PCM_24:
          one.sample_format = "PCM_24";
          one.tolerance = 1.5 * step(24);
          break;
        case SF_FORMAT_PCM_32:
          one.sample_format = "PCM_32";
          one.tolerance = step(25);  // the step of a float near 1
          break;
        case SF_FORMAT_FLOAT:
          one.sample_format = "FLOAT";
          one.tolerance = step(25);
          break;
        case SF_FORMAT_DOUBLE:
          one.sample_format = "DOUBLE";
          one.tolerance = step(25);
          break;
        case SF_FORMAT_ULAW:
          one.sample_format = "ULAW";
          one.tolerance = kLaw;
          break;
        default:
          one.sample_format = "ALAW";
          one.tolerance = kLaw;
          break;
      }
      one.name += one.sample_format;
      std::erase(one.name, '_');
      list.push_back(one);
    }
  }
  return list;
}

// Written by libsndfile: the left channel is the tone, the right one half of it.
void write_file(const std::filesystem::path& path, int format, int channels) {
  SF_INFO info{};
  info.samplerate = kRateHz;
  info.channels = channels;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  // text before the sound, where the container has a place for it
  sf_set_string(file, SF_STR_TITLE, "odd");
  std::vector<double> samples;
  for (int frame = 0; frame < kFormatFrames; ++frame) {
    for (int channel = 0; channel < channels; ++channel) {
      samples.push_back(sample_at(frame) / (channel + 1));
    }
  }
  EXPECT_EQ(sf_writef_double(file, samples.data(), kFormatFrames), kFormatFrames);
  EXPECT_EQ(sf_close(file), 0);
}

class Formats : public ::testing::TestWithParam<Case> {
 protected:
  const test::TemporaryFolder folder_;
};

TEST_P(Formats, MonoIsReadBackUnderAMisleadingName) {
  const auto path = folder_ / "recording.mp3";
  write_file(path, GetParam().format, 1);
  const auto loaded = load_audio(path);
  EXPECT_EQ(loaded.container, GetParam().container);
  EXPECT_EQ(loaded.sample_format, GetParam().sample_format);
  EXPECT_EQ(loaded.source_sample_rate_hz, kRateHz);
  EXPECT_EQ(loaded.source_channels, 1);
  EXPECT_EQ(loaded.source_frames, kFormatFrames);
  EXPECT_EQ(loaded.waveform.sample_rate_hz, kRateHz);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.front();
  ASSERT_EQ(loaded.waveform.samples.size(), static_cast<std::size_t>(kFormatFrames));
  for (int frame = 0; frame < kFormatFrames; ++frame) {
    ASSERT_NEAR(loaded.waveform.samples[static_cast<std::size_t>(frame)], sample_at(frame),
                GetParam().tolerance)
        << frame;
  }
}

TEST_P(Formats, AStretchOfStereoIsReadAndAveraged) {
  const auto path = folder_ / "recording.aiff";
  write_file(path, GetParam().format, 2);
  LoadOptions options;
  options.offset_s = 100.0 / kRateHz;
  options.duration_s = 801.0 / kRateHz;
  const auto loaded = load_audio(path, options);
  EXPECT_EQ(loaded.source_channels, 2);
  EXPECT_EQ(loaded.source_frames, kFormatFrames);
  ASSERT_EQ(loaded.waveform.samples.size(), 801U);
  for (int i = 0; i < 801; ++i) {
    ASSERT_NEAR(loaded.waveform.samples[static_cast<std::size_t>(i)], 0.75 * sample_at(100 + i),
                GetParam().tolerance)
        << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Formats, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace ser::audio
