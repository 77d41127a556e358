#include "ser/dataset/speech_windows.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::dataset {
namespace {

constexpr int kRate = 16000;

// Silence in which a tone with harmonics, as loud and soft as syllables, stands for a voice.
audio::Waveform with_voice(double duration_s, const std::vector<SpeechRegion>& voice) {
  audio::Waveform waveform{std::vector<float>(static_cast<std::size_t>(duration_s * kRate)), kRate};
  for (const auto& [start_s, end_s] : voice) {
    for (auto i = static_cast<std::size_t>(start_s * kRate);
         i < static_cast<std::size_t>(end_s * kRate); ++i) {
      const double phase = 2.0 * std::numbers::pi * 170.0 * static_cast<double>(i) / kRate;
      const double syllable =
          0.55 -
          0.45 * std::cos(2.0 * std::numbers::pi * (static_cast<double>(i) / kRate - start_s) * 5);
      waveform.samples[i] =
          static_cast<float>(syllable * (0.1 * std::sin(phase) + 0.07 * std::sin(2 * phase) +
                                         0.05 * std::sin(3 * phase)));
    }
  }
  return waveform;
}

struct Heard {
  HeardRecording recording;
  std::vector<SpeechWindow> windows;
};

Heard hear(const std::filesystem::path& path, int rate = 8000) {
  Heard heard;
  heard.recording = for_each_speech_window(
      path, {2.0, 0.5}, rate, [&](const SpeechWindow& window) { heard.windows.push_back(window); });
  return heard;
}

TEST(SpeechWindows, LieInSpeechAHopApartAndTheLastEndsWithIt) {
  const test::TemporaryFolder folder;
  const auto path = folder / "a.wav";
  audio::write_wav(path, with_voice(12.0, {{1.0, 2.0}, {5.0, 8.7}}));
  for (const int rate : {8000, 16000, 22050}) {
    const auto [recording, windows] = hear(path, rate);
    EXPECT_NEAR(recording.duration_s, 12.0, 1e-3);
    ASSERT_EQ(recording.speech.size(), 2U);
    ASSERT_EQ(windows.size(), 1U + 4U + 1U);
    EXPECT_NEAR(windows[0].start_s, 1.0, 0.1);
    EXPECT_NEAR(windows[0].end_s, 2.0, 0.1);
    EXPECT_EQ(windows[0].region, 0U);
    for (std::size_t i = 1; i < windows.size(); ++i) {
      EXPECT_EQ(windows[i].region, 1U);
      EXPECT_NEAR(windows[i].end_s - windows[i].start_s, 2.0, 1e-3);
      EXPECT_NEAR(static_cast<double>(windows[i].waveform.samples.size()), 2.0 * rate, 1.0);
    }
    for (std::size_t i = 1; i < 5; ++i) {
      EXPECT_NEAR(windows[i].start_s, recording.speech[1].start_s + 0.5 * (i - 1.0), 1e-3);
    }
    EXPECT_DOUBLE_EQ(windows[5].end_s, recording.speech[1].end_s);
  }
}

TEST(SpeechWindows, HoldWhatTheRecordingHoldsThere) {
  const test::TemporaryFolder folder;
  auto waveform = with_voice(60.0, {{3.0, 58.0}});
  // so that no two places are alike
  for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
    waveform.samples[i] *= 0.5F + 0.5F * static_cast<float>(i) / (60.0F * kRate);
  }
  audio::write_wav(folder / "a.wav", waveform, audio::WavFormat::kFloat32);
  const auto [recording, windows] = hear(folder / "a.wav", kRate);
  ASSERT_GT(windows.size(), 100U);
  for (const auto& window : windows) {
    const auto begin = static_cast<std::size_t>(std::lround(window.start_s * kRate));
    for (std::size_t i = 0; i < window.waveform.samples.size(); i += 997) {
      ASSERT_EQ(window.waveform.samples[i], waveform.samples[begin + i]) << window.start_s;
    }
  }
}

TEST(SpeechWindows, LeaveOutSilenceAsTheClipsOfTheTraining) {
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "a.wav", with_voice(5.0, {{1.0, 1.8}, {2.05, 2.9}}));
  ClipConfig clip;
  const auto windows = hear(folder / "a.wav", kRate).windows;
  ASSERT_EQ(windows.size(), 1U);
  const auto kept = sound_of(windows[0], clip, kRate);
  EXPECT_EQ(kept.samples, windows[0].waveform.samples);
  clip.silence = "remove";
  EXPECT_LT(sound_of(windows[0], clip, kRate).samples.size() + kRate / 10, kept.samples.size());
}

TEST(SpeechWindows, AreHeardAtOtherRatesToo) {
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "a.wav", with_voice(5.0, {{1.0, 3.0}}));
  const auto windows = hear(folder / "a.wav", kRate).windows;
  ASSERT_FALSE(windows.empty());
  const auto heard = sound_of(windows[0], {}, kRate / 2);
  EXPECT_EQ(heard.sample_rate_hz, kRate / 2);
  EXPECT_NEAR(heard.duration_s(), windows[0].waveform.duration_s(), 1e-3);
}

TEST(SpeechWindows, NobodySpeaksInSilence) {
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "a.wav", with_voice(3.0, {}));
  const auto [recording, windows] = hear(folder / "a.wav");
  EXPECT_TRUE(windows.empty());
  EXPECT_TRUE(recording.speech.empty());
  EXPECT_NEAR(recording.duration_s, 3.0, 1e-3);
  EXPECT_THROW(hear(folder / "none.wav"), core::AudioError);
  EXPECT_THROW(for_each_speech_window(
                   folder / "a.wav", {}, kRate, [](const SpeechWindow&) {}, [] { return true; }),
               core::Interrupted);
}

}  // namespace
}  // namespace ser::dataset
