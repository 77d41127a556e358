#include "ser/audio/write.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::audio {
namespace {

std::size_t entries(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST(WriteWav, SixteenBitsSurviveUnchanged) {
  const test::TemporaryFolder folder;
  Waveform waveform{{}, 24414};
  for (int value = -32768; value <= 32767; ++value) {
    waveform.samples.push_back(static_cast<float>(value) / 32768.0F);
  }
  write_wav(folder / "out.wav", waveform);
  const auto loaded = load_audio(folder / "out.wav");
  EXPECT_EQ(loaded.sample_format, "PCM_16");
  EXPECT_EQ(loaded.waveform.sample_rate_hz, 24414);
  EXPECT_EQ(loaded.waveform.samples, waveform.samples);
  EXPECT_EQ(std::filesystem::file_size(folder / "out.wav"), 44U + 2U * 65536U);
}

TEST(WriteWav, FloatsSurviveUnchangedAndClipOtherwise) {
  const test::TemporaryFolder folder;
  const Waveform waveform{{0.0F, 1e-20F, -0.3F, 1.0F, 7.0F, -9.0F}, 16000};
  write_wav(folder / "float.wav", waveform, WavFormat::kFloat32);
  const auto loaded = load_audio(folder / "float.wav");
  EXPECT_EQ(loaded.sample_format, "FLOAT");
  EXPECT_EQ(loaded.waveform.samples, waveform.samples);

  const Waveform extreme{
      {7.0F, -9.0F, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
       std::numeric_limits<float>::quiet_NaN()},
      16000};
  write_wav(folder / "int.wav", extreme);
  constexpr float kMost = 32767.0F / 32768.0F;
  EXPECT_EQ(load_audio(folder / "int.wav").waveform.samples,
            (std::vector<float>{kMost, -1.0F, kMost, -1.0F, 0.0F}));
}

TEST(WriteWav, MuLawKeepsItsRelativePrecision) {
  const test::TemporaryFolder folder;
  Waveform waveform{{}, 8000};
  for (int i = -1000; i <= 1000; ++i) waveform.samples.push_back(static_cast<float>(i) / 1001.0F);
  write_wav(folder / "law.wav", waveform, WavFormat::kMuLaw);
  const auto loaded = load_audio(folder / "law.wav");
  EXPECT_EQ(loaded.sample_format, "ULAW");
  ASSERT_EQ(loaded.waveform.samples.size(), waveform.samples.size());
  for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
    // G.711: 16 steps for each doubling of |x| + 33/8192, so half a step is at most 1/32 of that
    const double bound = (std::abs(waveform.samples[i]) + 33.0 / 8192.0) / 32.0 + 1.0 / 8192.0;
    ASSERT_NEAR(loaded.waveform.samples[i], waveform.samples[i], bound) << i;
  }
}

TEST(WriteWav, TheSameSamplesGiveTheSameBytes) {
  const test::TemporaryFolder folder;
  const Waveform waveform{std::vector<float>(101, 0.25F), 16000};
  for (const auto format : {WavFormat::kPcm16, WavFormat::kFloat32, WavFormat::kMuLaw}) {
    write_wav(folder / "a.wav", waveform, format);
    write_wav(folder / "b.wav", waveform, format);
    const std::string bytes = test::read_text(folder / "a.wav");
    EXPECT_EQ(bytes, test::read_text(folder / "b.wav"));
    EXPECT_EQ(bytes.find("PEAK"), std::string::npos);
  }
}

TEST(WriteWav, FailsWholly) {
  const test::TemporaryFolder folder;
  const Waveform waveform{{0.5F}, 16000};
  const auto code = [&](const std::filesystem::path& path, const Waveform& what) {
    try {
      write_wav(path, what);
    } catch (const core::OutputError& error) {
      return error.code();
    }
    return std::string("written");
  };
  EXPECT_EQ(code(folder / "none" / "out.wav", waveform), "E_OUTPUT_OPEN");
  folder.write("out.wav", "old");
  EXPECT_EQ(code(folder / "out.wav", Waveform{{0.5F}, 0}), "E_OUTPUT_WRITE");
  EXPECT_EQ(test::read_text(folder / "out.wav"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_EQ(code(folder / "out.wav", waveform), "written");
  EXPECT_EQ(code(folder / "empty.wav", Waveform{{}, 16000}), "written");
}

}  // namespace
}  // namespace ser::audio
