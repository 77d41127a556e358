#include "ser/dataset/recording_facts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "ser/audio/write.h"

#include "support/temporary_folder.h"

namespace ser::dataset {
namespace {

constexpr int kRate_hz = 16000;

std::vector<float> tone(double seconds, double amplitude) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * kRate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * 200.0 * static_cast<double>(i) / kRate_hz));
  }
  return samples;
}

class RecordingFactsTest : public testing::Test {
 protected:
  // A recording of these samples, added to the manifest.
  void add(const std::vector<float>& samples, int rate_hz = kRate_hz) {
    const auto path = folder_ / (std::to_string(manifest_.utterances.size()) + ".wav");
    audio::write_wav(path, {samples, rate_hz}, audio::WavFormat::kFloat32);
    add_path(path.string());
  }

  void add_path(const std::string& path) {
    corpus::Utterance utterance;
    utterance.id = utterance.path = path;
    utterance.corpus = "corpus";
    manifest_.utterances.push_back(utterance);
  }

  RecordingFacts facts_of(const std::vector<float>& samples) {
    add(samples);
    return measure_recording(manifest_.utterances.back());
  }

  // Of the last recording.
  std::vector<std::string> reasons() {
    core::ThreadPool pool(2);
    std::vector<std::string> reasons;
    const auto facts = measure_recordings(manifest_, pool);
    for (const auto& odd : odd_recordings(manifest_, facts)) {
      if (odd.utterance + 1 == manifest_.utterances.size()) reasons.push_back(odd.reason);
    }
    return reasons;
  }

  bool is_odd_for(const std::string& why) {
    const auto all = reasons();
    return all.size() == 1 && all.front().starts_with(why);
  }

  test::TemporaryFolder folder_;
  corpus::Manifest manifest_;
};

TEST_F(RecordingFactsTest, OfATone) {
  const auto facts = facts_of(tone(2.0, 0.5));
  EXPECT_DOUBLE_EQ(facts.duration_s, 2.0);
  EXPECT_EQ(facts.sample_rate_hz, kRate_hz);
  EXPECT_EQ(facts.channels, 1);
  EXPECT_EQ(facts.format, "WAV FLOAT");
  EXPECT_NEAR(facts.peak_db, 20.0 * std::log10(0.5), 1e-3);
  // 20 ms are four periods, so that every block has the same power.
  EXPECT_NEAR(facts.loudness_db, 20.0 * std::log10(0.5 / std::numbers::sqrt2), 1e-6);
  EXPECT_EQ(facts.silence_share, 0.0);
  EXPECT_EQ(facts.clipped_share, 0.0);
  EXPECT_NEAR(facts.offset, 0.0, 1e-6);
}

TEST_F(RecordingFactsTest, SilenceIsNoPartOfTheLoudness) {
  auto samples = tone(1.0, 0.5);
  const auto quiet = tone(3.0, 0.5 * std::pow(10.0, -41.0 / 20.0));
  samples.insert(samples.end(), quiet.begin(), quiet.end());
  const auto facts = facts_of(samples);
  EXPECT_NEAR(facts.silence_share, 0.75, 1e-9);
  EXPECT_NEAR(facts.loudness_db, 20.0 * std::log10(0.5 / std::numbers::sqrt2), 1e-6);
}

TEST_F(RecordingFactsTest, OfNothingButZerosAndOfASingleSample) {
  const auto zeros = facts_of(std::vector<float>(1000, 0.0F));
  EXPECT_EQ(zeros.peak_db, RecordingFacts::kSilence_db);
  EXPECT_EQ(zeros.loudness_db, RecordingFacts::kSilence_db);
  EXPECT_EQ(zeros.silence_share, 1.0);
  const auto one = facts_of({0.1F});
  EXPECT_NEAR(one.loudness_db, -20.0, 1e-4);
  EXPECT_EQ(one.silence_share, 0.0);
}

TEST_F(RecordingFactsTest, ClippedSamplesStayAtFullScale) {
  auto samples = tone(1.0, 2.0);
  for (float& sample : samples) sample = std::clamp(sample, -1.0F, 1.0F);
  // |sin| >= 0.4995 for two thirds of the time
  EXPECT_NEAR(facts_of(samples).clipped_share, 2.0 / 3.0, 0.01);
  std::vector<float> touching(1000, 0.0F);
  for (std::size_t i = 0; i < touching.size(); i += 2) touching[i] = 1.0F;
  EXPECT_EQ(facts_of(touching).clipped_share, 0.0);
}

TEST_F(RecordingFactsTest, OfASegmentAreThoseOfTheSegment) {
  auto samples = tone(1.0, 0.5);
  samples.insert(samples.end(), 2 * kRate_hz, 0.0F);
  add(samples);
  auto utterance = manifest_.utterances.back();
  utterance.start_s = 0.5;
  utterance.end_s = 1.5;
  const auto facts = measure_recording(utterance);
  EXPECT_DOUBLE_EQ(facts.duration_s, 1.0);
  EXPECT_NEAR(facts.silence_share, 0.5, 1e-9);
}

TEST_F(RecordingFactsTest, OddRecordingsAreFound) {
  for (int i = 0; i < 24; ++i) add(tone(1.0 + 0.02 * i, 0.3 + 0.01 * i));
  EXPECT_TRUE(reasons().empty());
  add(tone(1.2, 0.0005));
  EXPECT_TRUE(is_odd_for("nearly silent"));
  add(tone(1.2, 0.01));
  EXPECT_TRUE(is_odd_for("of unusual loudness: -43.0 dB"));
  add(tone(30.0, 0.4));
  EXPECT_TRUE(is_odd_for("of unusual length: 30.00 s"));
  add(tone(1.2, 0.4), 8000);
  const auto rate = reasons();
  EXPECT_EQ(std::ranges::count(rate, "of another sample rate than most: 8000 Hz"), 1);
  auto shifted = tone(1.2, 0.4);
  for (float& sample : shifted) sample += 0.05F;
  add(shifted);
  EXPECT_TRUE(is_odd_for("off centre: its mean is 5.0 %"));
  auto short_tone = tone(0.2, 0.4);
  short_tone.resize(static_cast<std::size_t>(1.2 * kRate_hz), 0.0F);
  add(short_tone);
  EXPECT_TRUE(is_odd_for("mostly silence: 83 %"));
  add_path(folder_.write("text.wav", "this is no recording").string());
  EXPECT_TRUE(is_odd_for("E_AUDIO_FORMAT"));
  add_path((folder_ / "none.wav").string());
  EXPECT_TRUE(is_odd_for("E_AUDIO_MISSING"));
}

TEST_F(RecordingFactsTest, AreTheSameForAnyNumberOfJobs) {
  for (int i = 0; i < 9; ++i) add(tone(0.3, 0.1 * i));
  core::ThreadPool one(1);
  core::ThreadPool three(3);
  const auto a = measure_recordings(manifest_, one);
  const auto b = measure_recordings(manifest_, three);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].loudness_db, b[i].loudness_db);
}

}  // namespace
}  // namespace ser::dataset
