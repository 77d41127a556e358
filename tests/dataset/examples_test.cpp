#include "ser/dataset/examples.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"
#include "ser/dataset/normalizer.h"

#include "support/synthetic_corpus.h"

namespace ser::dataset {
namespace {

class BuildExamples : public testing::Test {
 protected:
  BuildExamples()
      : manifest_(corpus::read_corpus(corpus_.root())), all_(manifest_.utterances.size()) {
    std::iota(all_.begin(), all_.end(), std::size_t{0});
    clip_.offset_s = 0.1;
  }

  BuiltExamples build(std::span<const std::size_t> utterances, int jobs,
                      const augment::AugmentationPlan& plan) {
    core::ThreadPool pool(jobs);
    return build_examples({manifest_, utterances, clip_, extractor_, plan, core::RandomStream(3)},
                          pool);
  }

  test::SyntheticCorpus corpus_{4};
  corpus::Manifest manifest_;
  std::vector<std::size_t> all_;
  ClipConfig clip_;
  features::FeatureExtractor extractor_{features::FeatureConfig{}};
  augment::AugmentationPlan as_is_;
  augment::AugmentationPlan noisy_{core::Json::parse(R"([[], [{"noise": {}}]])")};
};

TEST_F(BuildExamples, KeepsTheOrderOfUtterancesAndCopies) {
  const auto built = build(all_, 2, noisy_);
  ASSERT_EQ(built.examples.size(), 24U);
  EXPECT_TRUE(built.failures.empty());
  for (std::size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(built.examples.utterances[i], i / 2);
    EXPECT_EQ(built.examples.labels[i], manifest_.label_index(i / 2));
  }
  // The first copy is the clip as it is, the second is not.
  const auto plain = build(all_, 1, as_is_);
  EXPECT_EQ(built.examples.values.col(6), plain.examples.values.col(3));
  EXPECT_NE(built.examples.values.col(7), plain.examples.values.col(3));
}

TEST_F(BuildExamples, AnExampleDependsOnItsUtteranceAlone) {
  const auto one_job = build(all_, 1, noisy_);
  EXPECT_EQ(build(all_, 3, noisy_).examples.values, one_job.examples.values);
  const std::vector<std::size_t> some = {2, 9};
  EXPECT_EQ(build(some, 2, noisy_).examples.values.col(3), one_job.examples.values.col(19));
}

TEST_F(BuildExamples, EveryStageOfThePlanLeavesItsMark) {
  const augment::AugmentationPlan plan(core::Json::parse(
      R"([[], [{"vocal_tract_length": {"factor": [1.1, 1.1]}}], [{"spec_augment": {}}],
          [{"noise": {}}, {"vocal_tract_length": {}}, {"spec_augment": {}}]])"));
  const auto built = build(all_, 2, plan);
  EXPECT_EQ(build(all_, 1, plan).examples.values, built.examples.values);
  ASSERT_EQ(built.examples.values.cols(), 48);
  EXPECT_TRUE(built.examples.values.allFinite());
  const auto clip = load_clip(manifest_.utterances[7].path, clip_, 22050).waveform;
  const auto random = core::RandomStream(3).fork(manifest_.utterances[7].id);
  const auto copy = [&](Eigen::Index index) { return built.examples.values.col(28 + index); };

  features::FeatureExtractor::Workspace workspace;

  EXPECT_EQ(copy(0), extractor_.clip_vector(clip));
  EXPECT_EQ(copy(1), extractor_.clip_vector(clip, workspace, {{1.1, 4800.0}}));
  // zero crossings and chroma know nothing of mel bands
  EXPECT_EQ(copy(1).head(13), copy(0).head(13));
  EXPECT_NE(copy(1).tail(128), copy(0).tail(128));

  const auto masked = [&](std::size_t index) {
    return [&, index](Eigen::MatrixXf& frames) {
      plan.apply_to_features(index, frames, extractor_.spectra(), random);
    };
  };
  EXPECT_EQ(copy(2), extractor_.clip_vector(clip, workspace, {{}, masked(2)}));
  EXPECT_NE(copy(2), copy(0));
  EXPECT_EQ(copy(3), extractor_.clip_vector(plan.apply(3, clip, random), workspace,
                                            {plan.frequency_warp(3, random), masked(3)}));
}

TEST_F(BuildExamples, WhatCannotBeReadIsAFailureAndLeavesNoColumn) {
  std::filesystem::remove(manifest_.utterances[1].path);
  std::filesystem::resize_file(manifest_.utterances[5].path, 10);
  const auto whole = build(std::vector<std::size_t>{0, 2, 3, 4, 6}, 1, as_is_);
  const auto built = build(std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6}, 2, as_is_);
  ASSERT_EQ(built.failures.size(), 2U);
  EXPECT_EQ(built.failures[0].utterance, 1U);
  EXPECT_EQ(built.failures[0].code, "E_AUDIO_MISSING");
  EXPECT_EQ(built.failures[1].utterance, 5U);
  EXPECT_EQ(built.examples.values, whole.examples.values);
  EXPECT_EQ(built.examples.utterances, whole.examples.utterances);
}

// Frames of clips, which differ in number: the corpus has only one.
class FrameExamples : public BuildExamples {
 protected:
  FrameExamples() : frames_(config()) {
    clip_.offset_s = 0.0;
    for (const std::size_t i : {1U, 4U}) {
      auto loaded = audio::load_audio(manifest_.utterances[i].path, {});
      loaded.waveform.samples.resize(loaded.waveform.samples.size() / (i + 1));
      audio::write_wav(manifest_.utterances[i].path, loaded.waveform);
    }
  }

  static features::FeatureConfig config() {
    features::FeatureConfig config;
    config.form = "frames";
    config.descriptors = {"mel_db", "rms"};
    config.mel_bands = 8;
    config.mfcc_count = 8;
    config.spectrum_normalization = "mean";
    return config;
  }

  BuiltExamples build_frames(int jobs, const augment::AugmentationPlan& plan) {
    core::ThreadPool pool(jobs);
    return build_examples({manifest_, all_, clip_, frames_, plan, core::RandomStream(3)}, pool);
  }

  features::FeatureExtractor frames_;
};

TEST_F(FrameExamples, EachColumnBeginsWithItsClipsFrames) {
  const auto built = build_frames(2, as_is_);
  ASSERT_EQ(built.examples.lengths.size(), built.examples.size());
  EXPECT_EQ(built.examples.values.rows(), 9 * std::ranges::max(built.examples.lengths));
  for (std::size_t i = 0; i < built.examples.size(); ++i) {
    const auto clip = load_clip(manifest_.utterances[i], clip_, 22050).waveform;
    const Eigen::VectorXf frames = frames_.frames(clip).values.reshaped();
    EXPECT_EQ(built.examples.lengths[i] * 9, frames.size());
    EXPECT_EQ(built.examples.values.col(static_cast<Eigen::Index>(i)).head(frames.size()), frames);
  }
  EXPECT_LT(built.examples.lengths[4], built.examples.lengths[1]);
  EXPECT_LT(built.examples.lengths[1], built.examples.lengths[0]);
  const augment::AugmentationPlan faster(
      core::Json::parse(R"([[], [{"frame_stretch": {"rate": [2, 2]}}]])"));
  const auto copies = build_frames(1, faster);
  EXPECT_EQ(copies.examples.lengths[8], built.examples.lengths[4]);
  EXPECT_NEAR(copies.examples.lengths[9], built.examples.lengths[4] / 2.0, 0.5);
}

TEST_F(FrameExamples, NoClipHasMoreThanTheConfiguredDuration) {
  clip_.duration_s = 0.1;
  EXPECT_EQ(most_steps(frames_, clip_), 5);
  const auto built = build_frames(2, as_is_);
  EXPECT_EQ(built.examples.values.rows(), 9 * 5);
  clip_.duration_s.reset();
  EXPECT_THROW(build_frames(1, as_is_), core::ConfigError);
}

TEST_F(FrameExamples, AreNormalisedRowByRow) {
  auto examples = build_frames(1, as_is_).examples;
  const Eigen::Index longest = std::ranges::max(examples.lengths);
  examples.values.col(4).tail((longest - examples.lengths[4]) * 9).setConstant(NAN);
  examples.values.col(1).tail((longest - examples.lengths[1]) * 9).setConstant(NAN);
  const auto normalizer = Normalizer::fit(examples.values, 9, examples.lengths);
  normalizer.apply(examples.values, examples.lengths);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(9);
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(9);
  double frames = 0.0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    for (Eigen::Index step = 0; step < examples.lengths[i]; ++step, ++frames) {
      const Eigen::VectorXd frame =
          examples.values.col(static_cast<Eigen::Index>(i)).segment(step * 9, 9).cast<double>();
      sum += frame;
      squares += frame.cwiseAbs2();
    }
  }
  EXPECT_LE((sum / frames).cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_LE(((squares / frames).array() - 1.0).abs().maxCoeff(), 1e-4);
}

TEST_F(BuildExamples, StopsWhenAsked) {
  core::ThreadPool pool(2);
  std::atomic<int> asked = 0;
  EXPECT_THROW(build_examples({manifest_, all_, clip_, extractor_, as_is_, core::RandomStream(1)},
                              pool, {}, [&] { return ++asked > 3; }),
               core::Interrupted);
}

TEST_F(BuildExamples, CountsItsProgress) {
  core::ThreadPool pool(2);
  std::vector<std::size_t> done;
  build_examples({manifest_, all_, clip_, extractor_, as_is_, core::RandomStream(1)}, pool,
                 [&](std::size_t count) { done.push_back(count); });
  ASSERT_EQ(done.size(), 12U);
  for (std::size_t i = 0; i < done.size(); ++i) EXPECT_EQ(done[i], i + 1);
}

}  // namespace
}  // namespace ser::dataset
