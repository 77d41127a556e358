#include <cmath>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "audio/loading.h"

namespace ser::audio {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(SER_SOURCE_DIR) / "tests" / "audio" / "hostile";

struct Expected {
  std::string code;  // or "read"
  std::string word;  // of the message, or of the only warning; empty: no warning
};

const std::map<std::string, Expected>& expectations() {
  static const std::map<std::string, Expected> kExpectations = {
      {"list_never_ends_1.wav", {"E_AUDIO_DAMAGED", "chunk \"LIST\" at byte 36 claims 4278190085"}},
      {"list_never_ends_2.wav", {"E_AUDIO_DAMAGED", "chunk \"LIST\" at byte 36 claims 2147483632"}},
      {"truncated.wav", {"read", "198000 bytes (6.1875 s) are missing"}},
      {"pipe_ffffffff.wav", {"read", ""}},
      {"datalen0_with_data.wav", {"E_AUDIO_EMPTY", "claims 0 bytes although 2000 bytes follow"}},
      {"empty_data.wav", {"E_AUDIO_EMPTY", "its data chunk has 0 bytes"}},
      {"zero.wav", {"E_AUDIO_EMPTY", "no bytes at all"}},
      {"riff_only.wav", {"E_AUDIO_EMPTY", "RIFF header and nothing else"}},
      {"text.wav", {"E_AUDIO_FORMAT", "holds text"}},
      {"git_lfs_stub.wav", {"E_AUDIO_FORMAT", "Git LFS pointer"}},
      {"sr_0.wav", {"E_AUDIO_LIMIT", "sample rate of 0 Hz"}},
      {"sr_1hz.wav", {"E_AUDIO_LIMIT", "sample rate of 1 Hz"}},
      {"sr_4ghz.wav", {"E_AUDIO_LIMIT", "sample rate of 2147483647 Hz"}},
      {"ch_1024.wav", {"E_AUDIO_LIMIT", "1024 channels"}},
      {"ch_65535.wav", {"E_AUDIO_LIMIT", "65535 channels"}},
      {"float_nan.wav", {"read", "300 samples"}},
      {"bits_12.wav", {"read", ""}},
      {"odd_chunk.wav", {"read", ""}},
      {"ok.wav", {"read", ""}},
      {"huge_list.wav", {"E_AUDIO_DAMAGED", "chunk \"LIST\" at byte 36 claims 2147483632"}},
  };
  return kExpectations;
}

class HostileFiles : public LoadTest {};

TEST_F(HostileFiles, EachHasItsOutcome) {
  for (const auto& [name, expected] : expectations()) {
    const std::string text = outcome(kFolder / name);
    EXPECT_TRUE(text.starts_with(expected.code)) << name << ": " << text;
    if (expected.code != "read") {
      EXPECT_NE(text.find(expected.word), std::string::npos) << text;
      EXPECT_NE(text.find(name), std::string::npos) << text;
      continue;
    }
    const auto loaded = load_audio(kFolder / name);
    EXPECT_EQ(loaded.waveform.sample_rate_hz, 16000) << name;
    EXPECT_EQ(loaded.source_frames, name == "float_nan.wav" ? 400 : 1000) << name;
    for (const float sample : loaded.waveform.samples) ASSERT_TRUE(std::isfinite(sample)) << name;
    ASSERT_EQ(loaded.warnings.size(), expected.word.empty() ? 0U : 1U) << name;
    if (expected.word.empty()) continue;
    EXPECT_NE(loaded.warnings[0].find(expected.word), std::string::npos) << loaded.warnings[0];
  }
}

TEST_F(HostileFiles, AllOfThemAreExpected) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".wav") names.insert(entry.path().filename());
  }
  std::set<std::string> expected;
  for (const auto& [name, outcome] : expectations()) expected.insert(name);
  EXPECT_EQ(names, expected);
}

TEST_F(HostileFiles, StrictReadingRefusesOnlyTheTruncatedOneMore) {
  LoadOptions strict;
  strict.truncation = Truncation::kRefuse;
  for (const auto& [name, expected] : expectations()) {
    const std::string code = name == "truncated.wav" ? "E_AUDIO_TRUNCATED" : expected.code;
    EXPECT_TRUE(outcome(kFolder / name, strict).starts_with(code)) << name;
  }
}

TEST_F(HostileFiles, SoundAroundTheDamageIsTheSame) {
  const auto sound = load_audio(kFolder / "ok.wav").waveform.samples;
  for (const char* name : {"truncated.wav", "pipe_ffffffff.wav", "odd_chunk.wav", "bits_12.wav"}) {
    EXPECT_EQ(load_audio(kFolder / name).waveform.samples, sound) << name;
  }
}

}  // namespace
}  // namespace ser::audio
