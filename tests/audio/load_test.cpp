#include "ser/audio/load.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "audio/loading.h"
#include "audio/sound_bytes.h"

namespace ser::audio {
namespace {

std::string wav16(int frames, std::uint32_t rate_hz = 16000) {
  return riff(chunk("fmt ", pcm_format(1, rate_hz, 16)) + chunk("data", ramp16(frames)));
}

TEST_F(LoadTest, OffsetAndDurationCountWholeFramesRoundedDown) {
  LoadOptions options;
  options.offset_s = 0.6;
  options.duration_s = 0.001;
  // int(0.6 * 24414) = 14648 and int(0.001 * 24414) = 24
  std::string data;
  for (int i = 0; i < 15000; ++i) data += little(static_cast<std::uint64_t>(i), 2);
  const auto loaded =
      load(riff(chunk("fmt ", pcm_format(1, 24414, 16)) + chunk("data", data)), options);
  ASSERT_EQ(loaded.waveform.samples.size(), 24U);
  EXPECT_EQ(loaded.waveform.samples.front(), 14648.0F / 32768.0F);
  EXPECT_EQ(loaded.waveform.samples.back(), 14671.0F / 32768.0F);
  EXPECT_EQ(loaded.source_frames, 15000);
}

TEST_F(LoadTest, ADurationBeyondTheEndReadsWhatIsThere) {
  LoadOptions options;
  options.offset_s = 90.0 / 16000.0;
  options.duration_s = 1e300;
  const auto loaded = load(wav16(100), options);
  EXPECT_EQ(loaded.waveform.samples.size(), 10U);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(LoadTest, AClipShorterThanTheOffsetIsRefusedWithBothLengths) {
  LoadOptions options;
  options.offset_s = 0.6;
  const std::string text = outcome_of(wav16(4800), options);
  EXPECT_TRUE(text.starts_with("E_AUDIO_TOO_SHORT")) << text;
  EXPECT_NE(text.find("lasts 0.3 s"), std::string::npos) << text;
  EXPECT_NE(text.find("offset of 0.6 s"), std::string::npos) << text;
  EXPECT_NE(text.find("use an offset below 0.3 s"), std::string::npos) << text;
  options.offset_s = 1e300;
  EXPECT_TRUE(outcome_of(wav16(4800), options).starts_with("E_AUDIO_TOO_SHORT"));
  options.offset_s = 0.0;
  options.duration_s = 1e-9;
  EXPECT_TRUE(outcome_of(wav16(4800), options).starts_with("E_AUDIO_TOO_SHORT"));
}

TEST_F(LoadTest, ResamplesToTheLengthRoundedUp) {
  LoadOptions options;
  options.sample_rate_hz = 22050;
  std::string data;
  for (int i = 0; i < 24414; ++i) {
    const double value = 16000.0 * std::sin(2.0 * std::numbers::pi * 440.0 * i / 24414.0);
    data += little(static_cast<std::uint16_t>(static_cast<std::int16_t>(value)), 2);
  }
  data += little(0, 2);
  const auto loaded =
      load(riff(chunk("fmt ", pcm_format(1, 24414, 16)) + chunk("data", data)), options);
  EXPECT_EQ(loaded.waveform.sample_rate_hz, 22050);
  EXPECT_EQ(loaded.source_sample_rate_hz, 24414);
  // ceil(24415 * 22050 / 24414)
  ASSERT_EQ(loaded.waveform.samples.size(), 22051U);
  for (std::size_t i = 1000; i < 21000; ++i) {
    ASSERT_NEAR(loaded.waveform.samples[i],
                16000.0 / 32768.0 *
                    std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(i) / 22050.0),
                1e-4)
        << i;
  }
}

TEST_F(LoadTest, ChannelsAreAveragedAndSixteenAreTheMost) {
  std::string frame;
  for (int channel = 0; channel < 16; ++channel) {
    frame += little(static_cast<std::uint64_t>(channel * 1024), 2);
  }
  const auto loaded =
      load(riff(chunk("fmt ", pcm_format(16, 8000, 16)) + chunk("data", frame + frame)));
  EXPECT_EQ(loaded.source_channels, 16);
  EXPECT_EQ(loaded.waveform.samples, std::vector<float>(2, 7.5F * 1024.0F / 32768.0F));
  const std::string text =
      outcome_of(riff(chunk("fmt ", pcm_format(17, 8000, 16)) + chunk("data", frame + frame)));
  EXPECT_TRUE(text.starts_with("E_AUDIO_LIMIT")) << text;
}

TEST_F(LoadTest, RatesOutsideTheLimitsAreRefused) {
  EXPECT_EQ(outcome_of(wav16(10, 4000)), "read");
  EXPECT_EQ(outcome_of(wav16(10, 768000)), "read");
  for (const std::uint32_t rate : {0U, 1U, 3999U, 768001U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    const std::string text = outcome_of(wav16(10, rate));
    EXPECT_TRUE(text.starts_with("E_AUDIO_LIMIT")) << text;
    EXPECT_NE(text.find(std::to_string(rate) + " Hz"), std::string::npos) << text;
  }
}

TEST_F(LoadTest, LongStretchesAreRefusedAndPartsOfThemRead) {
  LoadOptions options;
  options.limits.max_duration_s = 0.01;  // 160 frames
  EXPECT_EQ(outcome_of(wav16(160), options), "read");
  const std::string text = outcome_of(wav16(161), options);
  EXPECT_TRUE(text.starts_with("E_AUDIO_LIMIT")) << text;
  EXPECT_NE(text.find("0.01 s"), std::string::npos) << text;
  options.duration_s = 0.01;
  EXPECT_EQ(outcome_of(wav16(161), options), "read");
  options.duration_s = 5.0;
  options.offset_s = 2.0 / 16000;
  EXPECT_EQ(outcome_of(wav16(161), options), "read");

  LoadOptions memory;
  memory.limits.max_frames = 160;
  EXPECT_EQ(outcome_of(wav16(160), memory), "read");
  EXPECT_TRUE(outcome_of(wav16(161), memory).starts_with("E_AUDIO_LIMIT"));
  memory.sample_rate_hz = 32000;
  EXPECT_EQ(outcome_of(wav16(80), memory), "read");
  EXPECT_TRUE(outcome_of(wav16(81), memory).starts_with("E_AUDIO_LIMIT"));
}

TEST_F(LoadTest, OptionsNoFileCouldSatisfyAreConfigErrors) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto path = folder_.write("ok.wav", wav16(100));
  const auto expect_refused = [&](const LoadOptions& options, const std::string& name) {
    try {
      load_audio(path, options);
      ADD_FAILURE() << name;
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_CONFIG_VALUE");
      EXPECT_TRUE(std::string(error.what()).starts_with(name)) << error.what();
    }
  };
  for (const double value : {-0.1, kNan, kInfinity}) {
    LoadOptions options;
    options.offset_s = value;
    expect_refused(options, "offset_s");
  }
  for (const double value : {-1.0, 0.0, kNan, kInfinity}) {
    LoadOptions options;
    options.duration_s = value;
    expect_refused(options, "duration_s");
  }
  for (const int value : {-1, 0, 3999, 768001}) {
    LoadOptions options;
    options.sample_rate_hz = value;
    expect_refused(options, "sample_rate_hz");
  }
}

TEST_F(LoadTest, SamplesAreMadeFiniteAndCounted) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> stored = {
      0.5F, std::numeric_limits<float>::quiet_NaN(), infinity, -infinity, 1e30F, -2e6F, 1e6F,
      -3.0F};
  const std::string data(reinterpret_cast<const char*>(stored.data()),
                         stored.size() * sizeof(float));
  const auto loaded = load(riff(chunk("fmt ", pcm_format(1, 16000, 32, 3)) + chunk("data", data)));
  EXPECT_EQ(loaded.waveform.samples,
            (std::vector<float>{0.5F, 0.0F, 1.0F, -1.0F, 1.0F, -1.0F, 1e6F, -3.0F}));
  ASSERT_EQ(loaded.warnings.size(), 1U);
  EXPECT_NE(loaded.warnings[0].find("5 samples"), std::string::npos) << loaded.warnings[0];

  const std::vector<double> wide = {1e300, -1e300, 0.25};
  const std::string wide_data(reinterpret_cast<const char*>(wide.data()),
                              wide.size() * sizeof(double));
  EXPECT_EQ(load(riff(chunk("fmt ", pcm_format(1, 16000, 64, 3)) + chunk("data", wide_data)))
                .waveform.samples,
            (std::vector<float>{1.0F, -1.0F, 0.25F}));
}

TEST_F(LoadTest, OnlyRegularFilesAreOpened) {
  EXPECT_TRUE(outcome(folder_ / "none.wav").starts_with("E_AUDIO_MISSING"));
  const auto file = folder_.write("file", "text");
  EXPECT_TRUE(outcome(file / "below.wav").starts_with("E_AUDIO_MISSING"));
  EXPECT_TRUE(outcome(folder_.path()).starts_with("E_AUDIO_FORMAT"));
  EXPECT_NE(outcome(folder_.path()).find("folder"), std::string::npos);
  const auto pipe = folder_ / "pipe.wav";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_TRUE(outcome(pipe).starts_with("E_AUDIO_FORMAT"));
  EXPECT_TRUE(outcome("/dev/zero").starts_with("E_AUDIO_FORMAT"));
}

TEST_F(LoadTest, OtherKindsAreNamed) {
  using std::string_literals::operator""s;
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"OggS\0\2"s + std::string(30, '\0'), "Ogg"},
      {"ID3\4\0\0\0\0\0\5"s + std::string(30, '\1'), "MP3"},
      {"\xFF\xFB\x90\x64"s + std::string(30, '\0'), "MP3"},
      {"\0\0\0\x20"s + "ftypM4A " + std::string(30, '\0'), "MPEG-4"},
      {"caff\0\1\0\0"s, "Core Audio"},
      {"NIST_1A\n   1024\n", "SPHERE"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"},
      {"<!DOCTYPE html><html>", "web page"},
      {"angry,0.5\nhappy,0.3\n", "text"},
      {std::string(100, '\0'), "zero bytes"},
      {"\x01\x02\x03\x04"s, "not a recording of a known kind"},
      {"RIFF\x10\0\0\0AVI LIST"s, "something else"},
      {"FORM\0\0\0\x10"
       "8SVXVHDR"s,
       "something else"},
  };
  for (const auto& [bytes, word] : kinds) {
    const std::string text = outcome_of(bytes);
    EXPECT_TRUE(text.starts_with("E_AUDIO_FORMAT")) << text;
    EXPECT_NE(text.find(word), std::string::npos) << text;
  }
}

TEST_F(LoadTest, ATagBeforeTheFileIsSkipped) {
  using std::string_literals::operator""s;
  const std::string tag = "ID3\4\0\0\0\0\1\2"s + std::string(130, 'x');
  EXPECT_EQ(load(tag + wav16(50)).waveform.samples, ramp(50));
}

}  // namespace
}  // namespace ser::audio
