#include <cmath>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "audio/loading.h"
#include "audio/sound_bytes.h"

namespace ser::audio {
namespace {

constexpr int kFlacFrames = 20000;
constexpr std::size_t kHeaderSize = 42;  // marker and STREAMINFO

class Flac : public LoadTest {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    const auto path = folder_ / "seed.flac";
    SF_INFO info{};
    info.samplerate = 16000;
    info.channels = 1;
    info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    ASSERT_NE(file, nullptr);
    sf_set_string(file, SF_STR_COMMENT, "text");
    for (int i = 0; i < kFlacFrames; ++i)
      sound_.push_back(static_cast<std::int16_t>(i * i % 20011));
    EXPECT_EQ(sf_writef_short(file, sound_.data(), kFlacFrames), kFlacFrames);
    sf_close(file);
    whole_ = test::read_text(path);
    // Metadata as it is: find the first frame behind it.
    frames_ = kHeaderSize;
    bool last = (whole_[4] & 0x80) != 0;
    while (!last) {
      last = (whole_[frames_] & 0x80) != 0;
      std::size_t size = 0;
      for (std::size_t i = 1; i < 4; ++i) {
        size = size << 8 | static_cast<unsigned char>(whole_[frames_ + i]);
      }
      frames_ += 4 + size;
    }
  }

  // The stream with STREAMINFO, `metadata` and its frames.
  std::string with(const std::string& metadata) const {
    std::string header = whole_.substr(0, kHeaderSize);
    header[4] = metadata.empty() ? '\x80' : '\x00';
    return header + metadata + whole_.substr(frames_);
  }

  static std::string block(int type, const std::string& content) {
    return std::string(1, static_cast<char>(type)) + big(content.size(), 3) + content;
  }

  void expect_sound(const LoadedAudio& loaded, std::size_t first, std::size_t count) const {
    ASSERT_EQ(loaded.waveform.samples.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(loaded.waveform.samples[i], static_cast<float>(sound_[first + i]) / 32768.0F) << i;
    }
  }

  std::string whole_;
  std::size_t frames_ = 0;
  std::vector<std::int16_t> sound_;
};

TEST_F(Flac, IsReadFromAnyFrameOn) {
  LoadOptions options;
  for (const int offset : {0, 1, 4095, 4096, 4097, kFlacFrames - 1}) {
    options.offset_s = (offset + 0.5) / 16000.0;
    expect_sound(load(whole_, options), static_cast<std::size_t>(offset),
                 static_cast<std::size_t>(kFlacFrames - offset));
  }
  options.offset_s = (kFlacFrames + 0.5) / 16000.0;
  EXPECT_TRUE(outcome_of(whole_, options).starts_with("E_AUDIO_TOO_SHORT"));
}

TEST_F(Flac, MetadataIsSteppedOver) {
  using std::string_literals::operator""s;
  const std::string rubbish(1000, '\xFF');
  for (const std::string& metadata :
       {""s, block(0x81, "xx"), block(1, "") + block(0x84, rubbish),
        block(4, rubbish) + block(6, rubbish) + block(3, rubbish) + block(0x80, rubbish),
        block(0xA5, rubbish)}) {
    const auto loaded = load(with(metadata));
    EXPECT_TRUE(loaded.warnings.empty());
    expect_sound(loaded, 0, kFlacFrames);
  }
  expect_sound(load("ID3\4\0\0\0\0\0\4abcd"s + whole_), 0, kFlacFrames);
}

TEST_F(Flac, BrokenMetadataIsRefused) {
  using std::string_literals::operator""s;
  std::string many;
  for (int i = 0; i < 100000; ++i) many += block(1, "");
  for (const std::string& bytes :
       {with("\x84\xFF\xFF\xFF"s), with(block(0xFF, "x")), with(many), "fLaC"s,
        whole_.substr(0, kHeaderSize - 1), whole_.substr(0, kHeaderSize + 3),
        "fLaC"s + block(0x84, std::string(34, 'x')), "fLaC"s + block(0x80, std::string(33, 'x'))}) {
    const std::string text = outcome_of(bytes);
    EXPECT_TRUE(text.starts_with("E_AUDIO_DAMAGED")) << text;
  }
  EXPECT_TRUE(outcome_of(with("").substr(0, kHeaderSize)).starts_with("E_AUDIO_EMPTY"));
  EXPECT_TRUE(outcome_of(with("").substr(0, kHeaderSize) + std::string(999, 'x'))
                  .starts_with("E_AUDIO_DAMAGED"));
}

TEST_F(Flac, ACutStreamIsReadAsFarAsItGoes) {
  const std::string cut = whole_.substr(0, frames_ + (whole_.size() - frames_) / 2);
  const auto loaded = load(cut);
  ASSERT_EQ(loaded.warnings.size(), 1U);
  EXPECT_NE(loaded.warnings[0].find("promises 20000 frames"), std::string::npos)
      << loaded.warnings[0];
  EXPECT_GT(loaded.waveform.samples.size(), 4000U);
  EXPECT_LT(loaded.waveform.samples.size(), 16000U);
  EXPECT_EQ(loaded.source_frames, static_cast<std::int64_t>(loaded.waveform.samples.size()));
  expect_sound(loaded, 0, loaded.waveform.samples.size());
  LoadOptions options;
  options.truncation = Truncation::kRefuse;
  EXPECT_TRUE(outcome_of(cut, options).starts_with("E_AUDIO_TRUNCATED"));
  options.duration_s = 0.1;  // all of it is there
  EXPECT_EQ(outcome_of(cut, options), "read");
  options = {};
  options.offset_s = 1.2;  // all of it is missing
  EXPECT_TRUE(outcome_of(cut, options).starts_with("E_AUDIO_TOO_SHORT"));
  options.truncation = Truncation::kRefuse;
  const std::string text = outcome_of(cut, options);
  EXPECT_TRUE(text.starts_with("E_AUDIO_TRUNCATED")) << text;
  EXPECT_NE(text.find("of which " + std::to_string(loaded.source_frames)), std::string::npos)
      << text;
}

TEST_F(Flac, AnUnknownLengthIsReadToTheEnd) {
  std::string bytes = whole_;
  // 36 bits of frames, from the low half of byte 21 on
  bytes[21] = static_cast<char>(bytes[21] & 0xF0);
  for (std::size_t i = 22; i < 26; ++i) bytes[i] = '\0';
  const auto loaded = load(bytes);
  EXPECT_EQ(loaded.source_frames, kFlacFrames);
  EXPECT_TRUE(loaded.warnings.empty());
  expect_sound(loaded, 0, kFlacFrames);
  LoadOptions options;
  options.limits.max_duration_s = 0.5;
  EXPECT_TRUE(outcome_of(bytes, options).starts_with("E_AUDIO_LIMIT"));
  options.offset_s = 2.0;
  const std::string text = outcome_of(bytes, options);
  EXPECT_TRUE(text.starts_with("E_AUDIO_TOO_SHORT")) << text;
  EXPECT_NE(text.find("lasts 1.25 s"), std::string::npos) << text;
}

TEST_F(Flac, IsStreamedAsItIsReadAndNotBeyondTheLimit) {
  std::vector<float> streamed;
  const auto path = write(whole_);
  const auto consume = [&](std::span<const float> samples, int) {
    streamed.insert(streamed.end(), samples.begin(), samples.end());
  };
  stream_audio(path, {}, consume);
  EXPECT_EQ(streamed, load(whole_).waveform.samples);
  streamed.clear();
  LoadOptions options;
  options.limits.max_duration_s = 0.5;
  try {
    stream_audio(path, options, consume);
    ADD_FAILURE() << "read to the end";
  } catch (const core::AudioError& error) {
    EXPECT_EQ(error.code(), "E_AUDIO_LIMIT");
  }
  EXPECT_LE(2 * streamed.size(), load(whole_).waveform.samples.size());
}

TEST_F(Flac, ABrokenFrameIsRefused) {
  std::string bytes = whole_;
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 50; ++i) bytes[i] = '\x55';
  const std::string text = outcome_of(bytes);
  EXPECT_TRUE(text.starts_with("E_AUDIO_DAMAGED")) << text;
}

TEST_F(Flac, ClaimsOutsideTheLimitsAreRefused) {
  std::string bytes = whole_;
  bytes[18] = bytes[19] = '\0';  // 20 bits of rate: nothing but the low four are left
  EXPECT_TRUE(outcome_of(bytes).starts_with("E_AUDIO_LIMIT"));
  bytes = whole_;
  bytes[21] = static_cast<char>(bytes[21] | 0x0F);  // 2^36 frames and more
  EXPECT_TRUE(outcome_of(bytes).starts_with("E_AUDIO_LIMIT"));
}

}  // namespace
}  // namespace ser::audio
