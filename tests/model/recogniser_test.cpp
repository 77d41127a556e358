#include "ser/model/recogniser.h"

#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/model/clip_batch.h"
#include "ser/model/model_file.h"

#include "model/small_classifier.h"
#include "support/temporary_folder.h"

namespace ser::model {
namespace {

// Another untrained classifier of the same classes.
ClassifierParts other_parts(std::uint64_t seed, double offset_s = 0.0) {
  ClassifierParts parts = small_parts();
  const nn::Network network(parts.network, {1, 5});
  parts.parameters = network.initialize(core::RandomStream(seed));
  parts.clip.offset_s = offset_s;
  parts.temperature = 0.5;
  return parts;
}

std::vector<EmotionClassifier> members_of(std::vector<ClassifierParts> parts) {
  std::vector<EmotionClassifier> members;
  for (auto& of_member : parts) members.emplace_back(std::move(of_member));
  return members;
}

audio::Waveform clip_of_noise(std::uint64_t seed) {
  audio::Waveform waveform{std::vector<float>(22050), 22050};
  core::RandomStream random(seed);
  for (float& sample : waveform.samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return waveform;
}

ClipBatch three_clips(const Recogniser& recogniser) {
  ClipBatch batch(recogniser, 3);
  features::FeatureExtractor::Workspace workspace;
  for (std::size_t clip = 0; clip < 3; ++clip) {
    const auto sound = clip_of_noise(clip);
    batch.set(
        clip, [&](const dataset::ClipConfig&, int) -> const audio::Waveform& { return sound; },
        workspace);
  }
  return batch;
}

Eigen::MatrixXf ask(const Recogniser& recogniser) {
  core::ThreadPool pool(2);
  return probabilities_of(recogniser, three_clips(recogniser).finish(3), pool);
}

TEST(Recogniser, OfOneMemberAnswersAsItDoesToTheBit) {
  const auto alone = ask(EmotionClassifier(other_parts(7)));
  EXPECT_EQ(ask(Recogniser(members_of({other_parts(7)}), 1.0, core::Json::object())), alone);
  const EmotionClassifier classifier(other_parts(7));
  for (std::size_t clip = 0; clip < 3; ++clip) {
    EXPECT_EQ(classifier.probabilities(clip_of_noise(clip)),
              alone.col(static_cast<Eigen::Index>(clip)));
  }
}

TEST(Recogniser, OfTwoAnswersWithTheirMean) {
  const auto one = ask(EmotionClassifier(small_parts()));
  const auto two = ask(EmotionClassifier(other_parts(7)));
  ASSERT_NE(one, two);
  const Recogniser both(members_of({small_parts(), other_parts(7)}), 1.0, core::Json::object());
  EXPECT_EQ(ask(both), (one + two) / 2.0F);
}

// p^(1/T), scaled to a sum of 1
TEST(Recogniser, TheTemperatureIsOfTheMean) {
  const Recogniser both(members_of({small_parts(), other_parts(7)}), 1.0, core::Json::object());
  const Recogniser tempered(members_of({small_parts(), other_parts(7)}), 2.0, core::Json::object());
  Eigen::MatrixXf expected = ask(both).array().sqrt();
  expected.array().rowwise() /= expected.colwise().sum().array().eval();
  EXPECT_LE((ask(tempered) - expected).cwiseAbs().maxCoeff(), 1e-6F);
}

TEST(Recogniser, MembersThatTakeTheSameShareTheSoundAndTheFeatures) {
  auto more_features = other_parts(3);
  more_features.features.mfcc_count = 2;
  more_features.features.descriptors.emplace_back("spectral_centroid");
  const Recogniser recogniser(
      members_of({small_parts(), other_parts(1, 0.2), other_parts(2), more_features}), 1.0,
      core::Json::object());
  EXPECT_EQ(ClipBatch::numbers_of_clip(recogniser), 15U);
  std::vector<double> offsets;
  ClipBatch batch(recogniser, 1);
  features::FeatureExtractor::Workspace workspace;
  audio::Waveform sound;
  batch.set(
      0,
      [&](const dataset::ClipConfig& clip, int rate) -> const audio::Waveform& {
        EXPECT_EQ(rate, 22050);
        offsets.push_back(clip.offset_s);
        return sound = clip_of_noise(static_cast<std::uint64_t>(clip.offset_s * 10.0));
      },
      workspace);
  EXPECT_EQ(offsets, (std::vector<double>{0.0, 0.2}));
  core::ThreadPool pool(1);
  std::vector<Eigen::MatrixXf> alone;
  for (const auto& member : recogniser.members()) {
    alone.push_back(
        member.probabilities(clip_of_noise(member.parts().clip.offset_s > 0.0 ? 2 : 0)));
  }
  EXPECT_EQ(probabilities_of(recogniser, batch.finish(1), pool), recogniser.combine(alone));
}

TEST(Recogniser, ClipsOfABatchCanBeLeftOutAndBatchesJoined) {
  const Recogniser recogniser(members_of({small_parts(), other_parts(7)}), 1.5,
                              core::Json::object());
  core::ThreadPool pool(1);
  const auto all = ask(recogniser);
  auto batch = three_clips(recogniser);
  batch.move(2, 1);
  const auto some = batch.finish(2);
  const auto answers = probabilities_of(recogniser, some, pool);
  ASSERT_EQ(answers.cols(), 2);
  EXPECT_EQ(answers.col(0), all.col(0));
  EXPECT_EQ(answers.col(1), all.col(2));
  const auto both = joined(recogniser, {some, three_clips(recogniser).finish(3)});
  Eigen::MatrixXf expected(all.rows(), 5);
  expected << answers, all;
  // A clip's answer may be rounded otherwise beside others.
  EXPECT_LE((probabilities_of(recogniser, both, pool) - expected).cwiseAbs().maxCoeff(), 1e-6F);
}

TEST(Recogniser, AnswersForARecordingAsForItsClip) {
  const test::TemporaryFolder folder;
  const auto path = folder / "noise.wav";
  audio::write_wav(path, clip_of_noise(1));
  const Recogniser recogniser(members_of({small_parts(), other_parts(7)}), 1.5,
                              core::Json::object());
  const Eigen::VectorXf answer = recogniser.probabilities(path);
  EXPECT_NEAR(answer.sum(), 1.0F, 1e-5F);
  EXPECT_THROW(recogniser.probabilities(folder / "none.wav"), core::AudioError);
}

TEST(Recogniser, OfOneFileIsLoadedAndAskedByFiftyThreadsAtOnce) {
  const test::TemporaryFolder folder;
  const Recogniser recogniser(members_of({small_parts(), other_parts(7)}), 1.5,
                              core::Json::object());
  const auto path = folder.write("m.ser", serialize(recogniser));
  const auto recording = clip_of_noise(1);
  const Eigen::VectorXf expected = recogniser.probabilities(recording);
  constexpr int kThreads = 50;
  std::vector<Eigen::VectorXf> own(kThreads);
  std::vector<Eigen::VectorXf> shared(kThreads);
  std::latch all_are_there(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      all_are_there.arrive_and_wait();
      own[i] = load_model(path).probabilities(recording);
      shared[i] = recogniser.probabilities(recording);
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < kThreads; ++i) {
    EXPECT_EQ(own[i], expected) << i;
    EXPECT_EQ(shared[i], expected) << i;
  }
}

TEST(Recogniser, AnswersForSamplesAsForAFileOfThem) {
  const test::TemporaryFolder folder;
  auto later = other_parts(7, 0.3);
  later.clip.duration_s = 0.4;
  later.features.sample_rate_hz = 16000;
  auto trimmed = other_parts(8, 0.1);
  trimmed.clip.silence = "remove";
  const Recogniser recogniser(members_of({small_parts(), later, trimmed}), 1.5,
                              core::Json::object());
  for (const int rate_hz : {8000, 22050, 44100}) {
    auto recording = clip_of_noise(3);
    recording.sample_rate_hz = rate_hz;
    std::fill(recording.samples.begin() + 4000, recording.samples.begin() + 12000, 0.0F);
    const auto path = folder / (std::to_string(rate_hz) + ".wav");
    audio::write_wav(path, recording, audio::WavFormat::kFloat32);
    EXPECT_EQ(recogniser.probabilities(recording), recogniser.probabilities(path)) << rate_hz;
  }
}

TEST(Recogniser, RefusesSamplesThatNoFileCouldHold) {
  const Recogniser recogniser(EmotionClassifier(other_parts(7, 0.5)));
  const auto code = [&](const audio::Waveform& recording) -> std::string {
    try {
      recogniser.probabilities(recording);
    } catch (const core::AudioError& error) {
      return error.code();
    }
    return "answered";
  };
  auto recording = clip_of_noise(1);
  EXPECT_EQ(code(recording), "answered");
  for (const float strange : {std::nanf(""), HUGE_VALF, -HUGE_VALF, 2e6F}) {
    recording.samples.back() = strange;
    EXPECT_EQ(code(recording), "E_AUDIO_NOT_FINITE") << strange;
  }
  for (const int rate_hz : {0, -22050, 3999, 768001}) {
    recording = clip_of_noise(1);
    recording.sample_rate_hz = rate_hz;
    EXPECT_EQ(code(recording), "E_AUDIO_LIMIT") << rate_hz;
  }
  EXPECT_EQ(code({{}, 22050}), "E_AUDIO_EMPTY");
  EXPECT_EQ(code({std::vector<float>(11025), 22050}), "E_AUDIO_TOO_SHORT");
  EXPECT_EQ(code({std::vector<float>(11026), 22050}), "answered");
}

TEST(Recogniser, RefusesMembersThatDoNotFit) {
  const auto code = [](std::vector<ClassifierParts> parts, double temperature) -> std::string {
    try {
      const Recogniser recogniser(members_of(std::move(parts)), temperature, core::Json::object());
    } catch (const core::ModelError& error) {
      return error.code();
    }
    return "accepted";
  };
  const ClassifierParts good = small_parts();
  EXPECT_EQ(code({good, good}, 2.0), "accepted");
  EXPECT_EQ(code({}, 1.0), "E_MODEL_CONTENT");
  EXPECT_EQ(code(std::vector<ClassifierParts>(kMostMembers + 1, good), 1.0), "E_MODEL_CONTENT");
  EXPECT_EQ(code({good}, 2.0), "E_MODEL_CONTENT");
  EXPECT_EQ(code({good, good}, 0.0), "E_MODEL_CONTENT");
  EXPECT_EQ(code({good, good}, std::nan("")), "E_MODEL_CONTENT");
  ClassifierParts other_classes = good;
  other_classes.classes[0] = "calm";
  EXPECT_EQ(code({good, other_classes}, 1.0), "E_MODEL_CONTENT");
  ClassifierParts by_speaker = good;
  by_speaker.normalization = "speaker";
  EXPECT_EQ(code({good, by_speaker}, 1.0), "E_MODEL_CONTENT");
  const Recogniser both(members_of({good, good}), 1.0, core::Json::object());
  EXPECT_THROW(both.only(), core::ModelError);
}

}  // namespace
}  // namespace ser::model
