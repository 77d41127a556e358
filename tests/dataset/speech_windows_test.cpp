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
audio::Waveform with_voice(double duration_s, const std::vector<SpeechRegion>& voice,
                           int rate = kRate) {
  audio::Waveform waveform{std::vector<float>(static_cast<std::size_t>(duration_s * rate)), rate};
  for (const auto& [start_s, end_s] : voice) {
    for (auto i = static_cast<std::size_t>(start_s * rate);
         i < static_cast<std::size_t>(end_s * rate); ++i) {
      const double time_s = static_cast<double>(i) / rate;
      const double phase = 2.0 * std::numbers::pi * 170.0 * time_s;
      const double syllable =
          0.55 - 0.45 * std::cos(2.0 * std::numbers::pi * (time_s - start_s) * 5);
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

Heard hear(const std::filesystem::path& path, const WindowConfig& config = {2.0, 0.5}) {
  Heard heard;
  heard.recording = for_each_speech_window(
      path, config, [&](const SpeechWindow& window) { heard.windows.push_back(window); });
  return heard;
}

TEST(SpeechWindows, LieInSpeechAHopApartAndTheLastEndsWithIt) {
  const test::TemporaryFolder folder;
  for (const int rate : {8000, 16000, 22050, 48000, 96000}) {
    const auto path = folder / (std::to_string(rate) + ".wav");
    audio::write_wav(path, with_voice(12.0, {{1.0, 2.0}, {5.0, 8.3}}, rate));
    const auto [recording, windows] = hear(path, {2.0, 0.9});
    EXPECT_NEAR(recording.duration_s, 12.0, 1e-3);
    ASSERT_EQ(recording.speech.size(), 2U);
    ASSERT_EQ(windows.size(), 1U + 2U + 1U);
    EXPECT_NEAR(windows[0].start_s, 1.0, 0.1);
    EXPECT_NEAR(windows[0].end_s, 2.0, 0.1);
    EXPECT_EQ(windows[0].region, 0U);
    EXPECT_NEAR(windows[0].new_from_s, windows[0].start_s, 1e-9);
    for (std::size_t i = 1; i < windows.size(); ++i) {
      EXPECT_EQ(windows[i].region, 1U);
      EXPECT_NEAR(windows[i].end_s - windows[i].start_s, 2.0, 1e-3);
      EXPECT_NEAR(static_cast<double>(windows[i].waveform.samples.size()),
                  2.0 * std::min(rate, 48000), 1.0);
      EXPECT_DOUBLE_EQ(windows[i].new_from_s, i == 1 ? windows[1].start_s : windows[i - 1].end_s);
      // with so short pauses all of it is speech
      EXPECT_NEAR(windows[i].new_speech_s, windows[i].end_s - windows[i].new_from_s, 1e-9);
    }
    for (std::size_t i = 1; i < 3; ++i) {
      const double hops = static_cast<double>(i) - 1.0;
      EXPECT_NEAR(windows[i].start_s, recording.speech[1].start_s + 0.9 * hops, 1e-3);
    }
    EXPECT_DOUBLE_EQ(windows[3].end_s, recording.speech[1].end_s);
  }
}

// A window whose end lies in a pause that may yet end the speech is heard all the same.
TEST(SpeechWindows, NeedNotEndInSpeech) {
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "a.wav", with_voice(12.0, {{5.0, 8.85}}));
  const auto [recording, windows] = hear(folder / "a.wav", {2.0, 0.5});
  ASSERT_EQ(recording.speech.size(), 1U);
  ASSERT_EQ(windows.size(), 5U);
  EXPECT_NEAR(windows[4].start_s, windows[0].start_s + 2.0, 1e-3);
  EXPECT_GT(windows[4].end_s, recording.speech[0].end_s);
  EXPECT_LT(windows[4].end_s, recording.speech[0].end_s + 0.3);
  const double speech_s = recording.speech[0].end_s - windows[4].new_from_s;
  EXPECT_NEAR(windows[4].new_speech_s, speech_s, 0.02);
  // so short that one would have nothing but the pause behind the speech
  for (const auto& window : hear(folder / "a.wav", {0.2, 0.05}).windows) {
    EXPECT_LE(window.start_s + 0.1, recording.speech[0].end_s + 1e-9);
  }
}

struct Arrival {
  SpeechWindow window;
  double at_s = 0.0;  // how much sound there was
};

// The windows of samples that come in pieces of that size.
std::vector<Arrival> hear_in_pieces(const audio::Waveform& sound, std::size_t piece,
                                    const WindowConfig& config) {
  std::vector<Arrival> arrivals;
  std::size_t given = 0;
  std::size_t regions = 0;
  double settled_s = 0.0;
  SpeechWindows windows(
      config,
      [&](const SpeechWindow& window) {
        EXPECT_EQ(window.region, regions);
        arrivals.push_back({window, static_cast<double>(given) / sound.sample_rate_hz});
      },
      [&](const SpeechRegion& region) {
        ++regions;
        EXPECT_GE(region.start_s, settled_s);
      });
  while (given < sound.samples.size()) {
    const auto some =
        std::span(sound.samples).subspan(given, std::min(piece, sound.samples.size() - given));
    given += some.size();
    windows.push(some, sound.sample_rate_hz);
    settled_s = windows.settled_s();
  }
  windows.finish();
  return arrivals;
}

TEST(SpeechWindows, ComeAsSoonAsTheyAreOverHoweverTheSoundComes) {
  const auto sound =
      with_voice(20.0, {{1.0, 2.0}, {3.0, 8.7}, {8.95, 13.2}, {13.4, 13.9}, {16.0, 20.0}});
  for (const WindowConfig config : {WindowConfig{2.0, 0.5}, {2.0, 0.9}, {0.3, 0.1}, {3.0, 3.0}}) {
    const auto whole = hear_in_pieces(sound, sound.samples.size(), config);
    ASSERT_GT(whole.size(), 4U);
    std::size_t at_once = 0;
    for (const std::size_t piece : {1U, 77U, 5000U}) {
      const auto arrivals = hear_in_pieces(sound, piece, config);
      ASSERT_EQ(arrivals.size(), whole.size()) << piece;
      for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto& window = arrivals[i].window;
        EXPECT_EQ(window.start_s, whole[i].window.start_s) << piece;
        EXPECT_EQ(window.end_s, whole[i].window.end_s) << piece;
        EXPECT_EQ(window.new_from_s, whole[i].window.new_from_s) << piece;
        EXPECT_EQ(window.new_speech_s, whole[i].window.new_speech_s) << piece;
        EXPECT_EQ(window.waveform.samples, whole[i].window.waveform.samples) << piece;
        if (piece != 1) continue;
        // with its last sample, or once it is known that it is the last
        const double late_s = arrivals[i].at_s - window.end_s;
        EXPECT_GE(late_s, 0.0);
        EXPECT_LE(late_s, 0.3) << window.end_s;
        at_once += late_s == 0.0 ? 1 : 0;
      }
    }
    EXPECT_GE(2 * at_once, whole.size()) << config.window_s;
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
  const auto [recording, windows] = hear(folder / "a.wav");
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
  const auto windows = hear(folder / "a.wav").windows;
  ASSERT_EQ(windows.size(), 1U);
  const auto kept = sound_of(windows[0], clip, kRate);
  EXPECT_EQ(kept.samples, windows[0].waveform.samples);
  clip.silence = "remove";
  EXPECT_LT(sound_of(windows[0], clip, kRate).samples.size() + kRate / 10, kept.samples.size());
}

TEST(SpeechWindows, AreHeardAtOtherRatesToo) {
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "a.wav", with_voice(5.0, {{1.0, 3.0}}));
  const auto windows = hear(folder / "a.wav").windows;
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
                   folder / "a.wav", {}, [](const SpeechWindow&) {}, [] { return true; }),
               core::Interrupted);
}

}  // namespace
}  // namespace ser::dataset
