#include "ser/audio/sound_stream.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/dsp/mu_law.h"

#include "audio/loading.h"
#include "audio/sound_bytes.h"

namespace ser::audio {
namespace {

struct Outcome {
  std::vector<float> samples;
  int rate_hz = 0;
  std::vector<std::string> warnings;
  std::string error;  // "CODE message"
};

Outcome hear(std::string_view bytes, const std::optional<RawFormat>& raw = {},
             std::size_t piece = 1000) {
  Outcome outcome;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::span<const unsigned char> left(data, bytes.size());
  try {
    SoundStream stream("the pipe", raw);
    while (!left.empty()) {
      const auto some = left.first(std::min(piece, left.size()));
      stream.push(some, [&](std::span<const float> samples, int rate_hz) {
        EXPECT_FALSE(samples.empty());
        outcome.rate_hz = rate_hz;
        outcome.samples.insert(outcome.samples.end(), samples.begin(), samples.end());
      });
      left = left.subspan(some.size());
    }
    outcome.warnings = stream.finish();
  } catch (const core::AudioError& error) {
    outcome.error = error.code() + " " + error.what();
  }
  return outcome;
}

TEST(RawFormat, IsReadAsItIsWritten) {
  auto raw = read_raw_format("s16le,16000,2");
  EXPECT_EQ(raw.encoding, "s16le");
  EXPECT_EQ(raw.sample_rate_hz, 16000);
  EXPECT_EQ(raw.channels, 2);
  raw = read_raw_format("mulaw,8000");
  EXPECT_EQ(raw.encoding, "mulaw");
  EXPECT_EQ(raw.channels, 1);
  EXPECT_EQ(read_raw_format("f64be,768000,16").channels, 16);
  for (const char* wrong : {"",
                            ",",
                            ",,",
                            "s16le",
                            "s16le,",
                            "s16le,,1",
                            "s16le,0,1",
                            "s16le,-1,1",
                            "s16le,3999,1",
                            "s16le,768001",
                            "s16le,16000,0",
                            "s16le,16000,99",
                            "s16le,16000,",
                            "s16le,16000,1,1",
                            "s16le,1e4",
                            "s16le, 16000",
                            "s16le,16000 ",
                            "S16LE,16000",
                            "s16,16000",
                            "s25le,16000",
                            "s16le,99999999999999999999",
                            "s16le,16000,99999999999999999999",
                            "s16le,nan,1"}) {
    try {
      read_raw_format(wrong);
      FAIL() << wrong;
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_RAW_FORMAT") << wrong;
    }
  }
}

std::string float_bits(float value) { return little(std::bit_cast<std::uint32_t>(value), 4); }

TEST(SoundStream, EveryRawEncodingIsDecoded) {
  const auto reversed = [](std::string text) { return std::string(text.rbegin(), text.rend()); };
  const auto double_bits = [](double value) {
    return little(std::bit_cast<std::uint64_t>(value), 8);
  };
  // 0.5 and -0.25
  const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> cases = {
      {"u8", {"\xC0", "\x60"}},
      {"s8", {"\x40", "\xE0"}},
      {"s16le", {little(0x4000, 2), little(0xE000, 2)}},
      {"s24le", {little(0x400000, 3), little(0xE00000, 3)}},
      {"s32le", {little(0x40000000, 4), little(0xE0000000, 4)}},
      {"f32le", {float_bits(0.5F), float_bits(-0.25F)}},
      {"f64le", {double_bits(0.5), double_bits(-0.25)}}};
  std::size_t tried = 0;
  for (const auto& [encoding, values] : cases) {
    const auto& [first, second] = values;
    for (const bool big_end : {false, true}) {
      if (big_end && first.size() == 1) continue;
      RawFormat raw{encoding, 8000, 1};
      if (big_end) raw.encoding.replace(raw.encoding.size() - 2, 2, "be");
      const auto outcome =
          hear(big_end ? reversed(first) + reversed(second) : first + second, raw, 1);
      EXPECT_EQ(outcome.samples, (std::vector<float>{0.5F, -0.25F})) << raw.encoding;
      EXPECT_EQ(outcome.rate_hz, 8000);
      EXPECT_TRUE(outcome.warnings.empty() && outcome.error.empty()) << raw.encoding;
      ++tried;
    }
  }
  const auto mu_law = hear("\x01\x9A", RawFormat{"mulaw", 8000, 1});
  EXPECT_EQ(mu_law.samples,
            (std::vector<float>{dsp::mu_law_decode(0x01), dsp::mu_law_decode(0x9A)}));
  // ITU-T G.711: the least code of A-law is 8 of 32768
  const auto a_law = hear("\xD5\x55", RawFormat{"alaw", 8000, 1});
  EXPECT_EQ(a_law.samples, (std::vector<float>{8.0F / 32768.0F, -8.0F / 32768.0F}));
  EXPECT_EQ(tried + 2, raw_encodings().size());
}

// A recording as it lies in a file.
struct File {
  const char* name;
  std::string bytes;
};

std::vector<File> files() {
  std::string noise;
  core::RandomStream random(3);
  for (int i = 0; i < 6000; ++i) noise += little(random.below(256), 1);
  const std::string odd = "LIST" + little(3, 4) + "abc";
  const auto wav = [](int channels, int bits, std::string_view data) {
    return chunk("fmt ", pcm_format(channels, 22050, bits)) + chunk("data", data);
  };
  const std::string rf64 = "RF64" + little(0xFFFFFFFF, 4) + "WAVE" +
                           chunk("ds64", little(7000, 8) + little(6000, 8) + little(1500, 8)) +
                           chunk("fmt ", pcm_format(2, 48000, 16)) +
                           chunk("data", noise, 0xFFFFFFFF) + chunk("LIST", "behind the sound");
  return {{"16 bits", riff(wav(1, 16, noise))},
          {"stereo", riff(wav(2, 16, noise))},
          {"24 bits", riff(wav(1, 24, noise))},
          {"8 bits, six channels", riff(wav(6, 8, noise))},
          {"chunks before",
           riff(chunk("bext", std::string(602, 'x')) + chunk("junk", "abc") + wav(1, 16, noise))},
          {"no padding", riff(odd + wav(1, 16, noise))},
          {"behind the sound", riff(wav(1, 16, noise) + chunk("LIST", noise))},
          {"cut inside a frame", riff(wav(2, 16, noise.substr(0, 4003)))},
          {"extensible", riff(chunk("fmt ", pcm_format(2, 44100, 16, 0xFFFE) + little(22, 2) +
                                                little(16, 2) + little(3, 4) + little(1, 2) +
                                                std::string("\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B"
                                                            "\x71",
                                                            14)) +
                              chunk("data", noise))},
          {"64-bit sizes", rf64}};
}

TEST(SoundStream, IsWhatTheFileHoldsHoweverItComes) {
  const test::TemporaryFolder folder;
  for (const auto& [name, bytes] : files()) {
    const auto loaded = load_audio(folder.write(name, bytes));
    ASSERT_GT(loaded.waveform.samples.size(), 900U) << name;
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U, 1000000U}) {
      const auto outcome = hear(bytes, {}, piece);
      EXPECT_EQ(outcome.error, "") << name;
      EXPECT_EQ(outcome.samples, loaded.waveform.samples) << name << " by " << piece;
      EXPECT_EQ(outcome.rate_hz, loaded.waveform.sample_rate_hz) << name;
      EXPECT_EQ(outcome.warnings.size(), loaded.warnings.size()) << name;
    }
  }
}

TEST(SoundStream, ALengthThatWasNotKnownIsReadToTheEnd) {
  for (const std::uint64_t claim :
       {0U, 0xFFFFFFFFU, 0x80000000U, 0x7FFFFFFFU, 0x7FFFFF00U, 0x7FFFF000U}) {
    const auto outcome =
        hear("RIFF" + little(claim, 4) + "WAVE" + chunk("fmt ", pcm_format(1, 16000, 16)) +
             chunk("data", ramp16(100), claim));
    EXPECT_EQ(outcome.samples, ramp(100)) << claim;
    EXPECT_TRUE(outcome.warnings.empty()) << claim;
  }
}

TEST(SoundStream, WhatIsMissingIsTold) {
  auto outcome =
      hear(riff(chunk("fmt ", pcm_format(1, 16000, 16)) + chunk("data", ramp16(100), 300)));
  EXPECT_EQ(outcome.samples, ramp(100));
  ASSERT_EQ(outcome.warnings.size(), 1U);
  EXPECT_EQ(outcome.warnings[0], "truncated: 100 bytes fewer than its header promises");
  outcome = hear(ramp16(100) + "abc", RawFormat{"s16le", 16000, 2});
  EXPECT_EQ(outcome.samples.size(), 50U);
  ASSERT_EQ(outcome.warnings.size(), 1U);
  EXPECT_TRUE(outcome.warnings[0].starts_with("truncated: the last 3 bytes"))
      << outcome.warnings[0];
  outcome = hear(
      float_bits(std::nanf("")) + float_bits(0.5F) + float_bits(HUGE_VALF) + float_bits(-1e30F),
      RawFormat{"f32le", 16000, 1});
  EXPECT_EQ(outcome.samples, (std::vector<float>{0.0F, 0.5F, 1.0F, -1.0F}));
  ASSERT_EQ(outcome.warnings.size(), 1U);
  EXPECT_NE(outcome.warnings[0].find("3 samples"), std::string::npos) << outcome.warnings[0];
}

TEST(SoundStream, WhatIsNoSoundIsRefusedByName) {
  const std::string format = chunk("fmt ", pcm_format(1, 16000, 16));
  const std::string data = chunk("data", ramp16(100));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "E_AUDIO_EMPTY"},
      {"R", "E_AUDIO_FORMAT"},
      {"RIFF", "E_AUDIO_DAMAGED"},
      {"hello, world, this is text", "E_AUDIO_FORMAT"},
      {std::string(100, '\0'), "E_AUDIO_FORMAT"},
      {"fLaC" + std::string(100, 'x'), "E_AUDIO_FORMAT"},
      {form(std::string(100, 'x')), "E_AUDIO_FORMAT"},
      {"OggS" + std::string(100, 'x'), "E_AUDIO_FORMAT"},
      {riff(""), "E_AUDIO_DAMAGED"},
      {riff(format), "E_AUDIO_DAMAGED"},
      {riff(data + format), "E_AUDIO_DAMAGED"},
      {riff(chunk("fmt ", "short") + data), "E_AUDIO_DAMAGED"},
      {riff(chunk("fmt ", "") + data), "E_AUDIO_DAMAGED"},
      {riff(chunk("fmt ", pcm_format(0, 16000, 16)) + data), "E_AUDIO_DAMAGED"},
      {riff(chunk("fmt ", pcm_format(17, 16000, 16)) + data), "E_AUDIO_LIMIT"},
      {riff(chunk("fmt ", pcm_format(1, 0, 16)) + data), "E_AUDIO_LIMIT"},
      {riff(chunk("fmt ", pcm_format(1, 16000, 16, 0x55)) + data), "E_AUDIO_FORMAT"},
      {riff(format + chunk("data", "", 0)), "E_AUDIO_EMPTY"},
      {riff(format + chunk("data", "x", 0)), "E_AUDIO_EMPTY"},
      {riff(format + chunk("LIST", ramp16(10), 0xFFFFFFF0)), "E_AUDIO_DAMAGED"}};
  for (const auto& [bytes, code] : cases) {
    for (const std::size_t piece : {1U, 1000U}) {
      const auto outcome = hear(bytes, {}, piece);
      EXPECT_TRUE(outcome.error.starts_with(code + " the pipe: "))
          << bytes.substr(0, 60) << ": " << outcome.error;
      EXPECT_TRUE(outcome.samples.empty());
    }
  }
  EXPECT_NE(hear("no sound at all").error.find("--raw"), std::string::npos);
  std::string many;
  for (int i = 0; i < 10001; ++i) many += chunk("junk", "");
  EXPECT_TRUE(hear(riff(many + format + data)).error.starts_with("E_AUDIO_DAMAGED"));
  EXPECT_TRUE(hear("", RawFormat{"u8", 16000, 1}).error.starts_with("E_AUDIO_EMPTY"));
  EXPECT_TRUE(hear("x", RawFormat{"s16le", 16000, 1}).error.starts_with("E_AUDIO_EMPTY"));
  EXPECT_TRUE(hear("xx", RawFormat{"s16le", 1, 1}).error.starts_with("E_AUDIO_LIMIT"));
}

// Wherever it is cut, and whatever byte is another one, there is sound or an error.
TEST(SoundStream, DamageIsSurvived) {
  core::RandomStream random(9);
  for (const auto& [name, bytes] : files()) {
    for (std::size_t size = 0; size < 100; ++size) {
      const auto outcome = hear(bytes.substr(0, size), {}, 5);
      EXPECT_NE(outcome.samples.empty(), outcome.error.empty()) << name << " of " << size;
    }
    for (int round = 0; round < 300; ++round) {
      auto damaged = bytes.substr(0, 1500);
      for (int i = 0; i < 3; ++i) {
        damaged[random.below(100)] = static_cast<char>(random.below(256));
      }
      const auto outcome = hear(damaged, {}, 64);
      for (const float sample : outcome.samples) ASSERT_LE(std::abs(sample), 1e6F) << name;
    }
  }
  const std::filesystem::path folder =
      std::filesystem::path(SER_SOURCE_DIR) / "tests" / "audio" / "hostile";
  std::size_t heard = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto outcome = hear(test::read_text(entry.path()));
    EXPECT_TRUE(!outcome.samples.empty() || !outcome.error.empty()) << entry.path();
    heard += outcome.error.empty() ? 1 : 0;
  }
  EXPECT_GE(heard, 5U);
}

}  // namespace
}  // namespace ser::audio
