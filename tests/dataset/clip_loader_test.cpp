#include "ser/dataset/clip_loader.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/dataset/survey.h"

#include "support/temporary_folder.h"

namespace ser::dataset {
namespace {

constexpr int kRateHz = 16000;

// Half a second of silence, half a second of sound, twice; and silence at the end.
class LoadClip : public testing::Test {
 protected:
  LoadClip() {
    audio::Waveform waveform{std::vector<float>(5 * kHalf, 0.0F), kRateHz};
    for (std::size_t i = 0; i < kHalf; ++i) {
      const auto sample = static_cast<float>(0.5 * std::sin(0.1 * static_cast<double>(i)));
      waveform.samples[kHalf + i] = sample;
      waveform.samples[3 * kHalf + i] = sample;
    }
    audio::write_wav(path_, waveform);
    clip_.offset_s = 0.0;
    clip_.duration_s.reset();
  }

  double seconds() const { return load_clip(path_, clip_, kRateHz).waveform.duration_s(); }

  static constexpr std::size_t kHalf = kRateHz / 2;
  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "paused.wav";
  ClipConfig clip_;
};

// Up to a frame (2048 samples) at each end of a sound counts as sound.
TEST_F(LoadClip, DealsWithSilenceAsConfigured) {
  EXPECT_DOUBLE_EQ(seconds(), 2.5);
  clip_.silence = "trim";
  EXPECT_NEAR(seconds(), 1.5, 0.2);
  EXPECT_GE(seconds(), 1.5);
  clip_.silence = "remove";
  EXPECT_NEAR(seconds(), 1.0, 0.3);
  EXPECT_GE(seconds(), 1.0);
}

TEST_F(LoadClip, LooksForSilenceInThePartThatIsUsed) {
  clip_.silence = "trim";
  clip_.offset_s = 0.75;
  clip_.duration_s = 0.5;  // a quarter of a second of sound, then silence
  EXPECT_NEAR(seconds(), 0.25, 0.1);
  clip_.offset_s = 2.25;  // nothing but silence: there is nothing to tell it from
  EXPECT_DOUBLE_EQ(seconds(), 0.25);
}

TEST_F(LoadClip, TakesTheSegmentOfAnUtteranceForTheRecording) {
  corpus::Utterance utterance;
  utterance.id = "paused.wav#0.5-1.5";
  utterance.path = path_;
  const auto samples = [&] { return load_clip(utterance, clip_, kRateHz).waveform.samples; };
  const auto whole = samples();
  EXPECT_EQ(whole.size(), 5 * kHalf);
  const auto expect_stretch = [&](std::size_t begin, std::size_t end) {
    EXPECT_EQ(samples(), std::vector<float>(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                                            whole.begin() + static_cast<std::ptrdiff_t>(end)));
  };
  utterance.start_s = 0.5;
  expect_stretch(kHalf, 5 * kHalf);
  utterance.end_s = 1.5;
  expect_stretch(kHalf, 3 * kHalf);
  clip_.duration_s = 2.5;  // reaches beyond the segment
  expect_stretch(kHalf, 3 * kHalf);
  clip_.duration_s = 0.25;
  clip_.offset_s = 0.25;
  expect_stretch(kHalf + kHalf / 2, 2 * kHalf);
  utterance.start_s.reset();
  expect_stretch(kHalf / 2, kHalf);
  utterance.end_s = 100.0;  // the file ends before
  clip_.duration_s.reset();
  expect_stretch(kHalf / 2, 5 * kHalf);
  clip_.offset_s = 0.25;
  utterance.start_s = 0.5;
  utterance.end_s = 0.75;
  try {
    samples();
    FAIL();
  } catch (const core::AudioError& error) {
    EXPECT_EQ(error.code(), "E_AUDIO_TOO_SHORT");
    EXPECT_NE(std::string_view(error.what()).find("segment"), std::string_view::npos);
  }
}

TEST_F(LoadClip, SurveysReadWhatTheHeadersSay) {
  core::ThreadPool pool(2);
  corpus::Manifest manifest;
  for (int i = 0; i < 3; ++i) {
    manifest.utterances.emplace_back().path = path_;
  }
  manifest.utterances[1].start_s = 1.0;
  manifest.utterances[1].end_s = 1.5;
  manifest.utterances[2].path = folder_.write("no.wav", "no sound");
  const Survey survey = survey_recordings(manifest, pool);
  EXPECT_EQ(survey.looked_at, 3U);
  EXPECT_EQ(survey.unreadable, 1U);
  EXPECT_DOUBLE_EQ(survey.seconds, 3.0);
  EXPECT_EQ(survey.sample_rates_hz, (std::map<int, std::size_t>{{kRateHz, 2}}));
  EXPECT_EQ(describe(survey), "Hours        0.00\nSample rates 16000 Hz (2)\nUnreadable   1\n");

  manifest.utterances.assign(kLargestFullSurvey + 1, manifest.utterances[0]);
  const Survey sample = survey_recordings(manifest, pool);
  EXPECT_EQ(sample.looked_at, kSurveySample);
  EXPECT_EQ(describe(sample),
            "Hours        about 13.89, by the headers of 2000 of 20001 recordings\n"
            "Sample rates 16000 Hz (2000), of the same\n");
}

TEST(ClipConfig, RefusesWhatIsNoTreatmentOfSilence) {
  const auto update = [](const char* json) {
    ClipConfig config;
    core::update_config(config, core::parse_json(json, "test"));
    return config;
  };
  EXPECT_EQ(update(R"({"silence": "trim", "silence_top_db": 30})").silence_top_db, 30.0);
  EXPECT_THROW(update(R"({"silence": "cut"})"), core::ConfigError);
  EXPECT_THROW(update(R"({"silence_top_db": 0})"), core::ConfigError);
}

}  // namespace
}  // namespace ser::dataset
