#include <atomic>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>
#include <numeric>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/eval/occlusion.h"
#include "ser/eval/permutation_importance.h"

#include "model/small_classifier.h"
#include "support/synthetic_corpus.h"

namespace ser::eval {
namespace {

constexpr Eigen::Index kZeroCrossings = 0;
constexpr Eigen::Index kLevel = 1;
constexpr int kRateHz = 22050;

// Logits of `classes` are slope * (i - middle) * the normalised feature: all others have no weight.
model::ClassifierParts looking_at(Eigen::Index feature, std::vector<std::string> classes,
                                  float slope) {
  auto parts = model::small_parts();
  const auto count = static_cast<Eigen::Index>(classes.size());
  parts.classes = std::move(classes);
  parts.network = core::Json::parse(R"([{"layer": "flatten"}, {"layer": "dense"}])");
  parts.network[1]["units"] = count;
  parts.parameters = nn::Vector::Zero(6 * count);
  for (Eigen::Index i = 0; i < count; ++i) {
    parts.parameters(feature * count + i) =
        slope * (static_cast<float>(i) - static_cast<float>(count - 1) / 2.0F);
  }
  return parts;
}

// A tone from `from_s` to `to_s` and silence elsewhere.
audio::Waveform burst(double duration_s, double from_s, double to_s) {
  audio::Waveform clip{{}, kRateHz};
  for (int i = 0; i < static_cast<int>(duration_s * kRateHz); ++i) {
    const double at = static_cast<double>(i) / kRateHz;
    const bool sounds = at >= from_s && at < to_s;
    clip.samples.push_back(
        sounds ? static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 440.0 * at)) : 0.0F);
  }
  return clip;
}

Explanation explained(const model::ClassifierParts& parts, const audio::Waveform& clip,
                      const OcclusionConfig& config = {}, int jobs = 2) {
  core::ThreadPool pool(jobs);
  return explain(model::EmotionClassifier(parts), clip, config, pool);
}

TEST(Evidence, IsTheFallOfTheLogarithmOfTheOdds) {
  // odds 3 to 1, then 1 to 1, then 1 to 3
  const Eigen::Vector2f shown(0.75F, 0.25F);
  EXPECT_DOUBLE_EQ(evidence_bits(shown, Eigen::Vector2f(0.5F, 0.5F), 0), std::log2(3.0));
  EXPECT_DOUBLE_EQ(evidence_bits(shown, Eigen::Vector2f(0.25F, 0.75F), 0), 2.0 * std::log2(3.0));
  EXPECT_DOUBLE_EQ(evidence_bits(shown, shown, 1), 0.0);
  // certainty is finite
  EXPECT_NEAR(evidence_bits(Eigen::Vector2f(1.0F, 0.0F), Eigen::Vector2f(0.5F, 0.5F), 0), 99.7,
              0.1);
}

TEST(Explain, FindsTheOnlyFeatureThatIsLookedAt) {
  const auto parts = looking_at(kLevel, {"soft", "loud"}, 3.0F);
  const auto clip = burst(1.0, 0.2, 0.9);
  const model::EmotionClassifier classifier(parts);
  const double level = classifier.extractor().clip_vector(clip)(kLevel);
  const double z = (level - parts.normalizer.mean()(kLevel)) / parts.normalizer.scale()(kLevel);
  // The logits differ by 3 z, and by nothing where the level is that of training.
  const double bits = 3.0 * z / std::numbers::ln2;
  const auto explanation = explained(parts, clip);
  EXPECT_EQ(explanation.label, 1);
  ASSERT_EQ(explanation.groups.size(), 3U);
  for (const auto& group : explanation.groups) {
    EXPECT_NEAR(group.evidence, group.name == "rms" ? bits : 0.0, 1e-5) << group.name;
    EXPECT_EQ(group.name == "rms", group.evidence != 0.0);
  }
  ASSERT_EQ(explanation.features.size(), 5U);
  for (const auto& feature : explanation.features) {
    EXPECT_NEAR(feature.evidence, feature.name == "rms_mean" ? bits : 0.0, 1e-5) << feature.name;
  }
}

TEST(Explain, FindsTheStretchThatTheDecisionRestsOn) {
  for (const double window_s : {0.1, 0.25}) {
    OcclusionConfig config;
    config.window_s = window_s;
    const auto explanation =
        explained(looking_at(kLevel, {"soft", "loud"}, 3.0F), burst(3.0, 1.0, 1.5), config);
    double within = 0.0;
    for (const auto& window : explanation.windows) {
      EXPECT_NEAR(window.end_s - window.start_s, window_s, 1e-4);
      const double shared = std::min(window.end_s, 1.5) - std::max(window.start_s, 1.0);
      if (shared < 0.0) {
        EXPECT_EQ(window.evidence, 0.0) << window.start_s;
      } else if (shared > 0.9 * window_s) {
        EXPECT_GT(window.evidence, 0.01) << window.start_s;
        within += window.evidence;
      }
    }
    EXPECT_GT(within, 0.1);
    EXPECT_EQ(explanation.windows.front().start_s, 0.0);
    EXPECT_NEAR(explanation.windows.back().end_s, 3.0, 1e-4);
  }
}

TEST(Explain, CoversClipsOfAnyLengthWithABoundedNumberOfWindows) {
  const auto parts = looking_at(kLevel, {"soft", "loud"}, 3.0F);
  OcclusionConfig config;
  config.window_s = 0.01;
  for (const double duration_s : {1.0 / kRateHz, 0.005, 0.013, 4.0}) {
    const auto explanation = explained(parts, burst(duration_s, 0.0, duration_s), config);
    const auto& windows = explanation.windows;
    ASSERT_FALSE(windows.empty());
    EXPECT_LE(windows.size(), 402U);
    EXPECT_EQ(windows.front().start_s, 0.0);
    for (std::size_t i = 1; i < windows.size(); ++i) {
      EXPECT_LE(windows[i].start_s, windows[i - 1].end_s);
    }
    EXPECT_DOUBLE_EQ(windows.back().end_s, explanation.duration_s);
  }
}

TEST(Explain, IsTheSameForAnyNumberOfJobs) {
  for (const char* replacement : {"silence", "noise"}) {
    OcclusionConfig config;
    config.replacement = replacement;
    const auto clip = burst(1.0, 0.3, 0.6);
    EXPECT_EQ(to_json(explained(model::small_parts(), clip, config, 1)),
              to_json(explained(model::small_parts(), clip, config, 3)));
  }
}

TEST(Explain, StopsWhenAskedAndRefusesWhatCannotBe) {
  core::ThreadPool pool(2);
  const model::EmotionClassifier classifier(model::small_parts());
  std::atomic<int> asked = 0;
  EXPECT_THROW(explain(classifier, burst(1.0, 0.0, 1.0), {}, pool, {}, [&] { return ++asked > 5; }),
               core::Interrupted);
  for (const double window_s : {0.0, -1.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(explained(model::small_parts(), burst(1.0, 0.0, 1.0), {window_s, "silence"}),
                 core::ConfigError);
  }
  EXPECT_THROW(explained(model::small_parts(), burst(1.0, 0.0, 1.0), {0.1, "music"}),
               core::ConfigError);
  EXPECT_THROW(explained(model::small_parts(), {{}, kRateHz}), core::AudioError);
}

TEST(Hide, ReplacesTheStretchAndNothingElse) {
  const std::vector<float> samples(4000, 0.5F);
  const auto silent = hide(samples, 1000, 2000, {}, 8000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i < 1000 || i >= 2000) {
      EXPECT_EQ(silent[i], 0.5F) << i;
    } else if (i >= 1040 && i < 1960) {
      EXPECT_EQ(silent[i], 0.0F) << i;
    } else {
      EXPECT_EQ(silent[i], silent[2999 - i]);
      EXPECT_GT(silent[i], 0.0F);
    }
  }
  const std::vector<float> background(4000, 0.25F);
  EXPECT_EQ(hide(samples, 1000, 2000, background, 8000)[1500], 0.25F);
  EXPECT_EQ(hide({1.0F}, 0, 1, {}, 8000).size(), 1U);
}

TEST(NoiseLike, HasTheEnergyAndNotTheShapeOfTheClip) {
  const auto clip = burst(1.0, 0.4, 0.5);
  const auto noise = noise_like(clip.samples);
  const auto energy = [](auto first, auto last) {
    return std::inner_product(first, last, first, 0.0);
  };
  const double whole = energy(clip.samples.begin(), clip.samples.end());
  EXPECT_NEAR(energy(noise.begin(), noise.end()), whole, 1e-3 * whole);
  // Spread over the whole clip: no tenth has more than a third of it.
  for (int tenth = 0; tenth < 10; ++tenth) {
    const auto first = noise.begin() + tenth * 2205;
    EXPECT_LT(energy(first, first + 2205), whole / 3.0);
  }
  EXPECT_EQ(noise_like(clip.samples), noise);
  EXPECT_EQ(noise_like(std::vector<float>{0.5F}), std::vector<float>{0.5F});
}

class Importance : public testing::Test {
 protected:
  Importance() : manifest_(corpus::read_corpus(corpus_.root())) {}

  ImportanceReport run(const std::string& normalization, int jobs = 2,
                       const core::StopRequested& stop = {}) {
    // Tones of about 220, 660 and 1,760 Hz cross zero at 0.02, 0.06 and 0.16 of the samples.
    auto parts = looking_at(kZeroCrossings, {"low", "middle", "high"}, 4.0F);
    parts.normalizer = dataset::Normalizer(Eigen::VectorXf::Constant(5, 0.06F),
                                           Eigen::VectorXf::Constant(5, 0.02F));
    parts.parameters(3 * 5 + 1) = 3.0F;
    parts.normalization = normalization;
    const model::Recogniser recogniser(model::EmotionClassifier{parts});
    core::ThreadPool pool(jobs);
    evaluation_ = evaluate(recogniser, manifest_, Part::kAll, pool);
    if (unreadable_) std::filesystem::remove(manifest_.utterances[*unreadable_].path);
    return permutation_importance(recogniser.only(), manifest_, evaluation_, {5, 3}, pool, {},
                                  stop);
  }

  test::SyntheticCorpus corpus_{6};
  corpus::Manifest manifest_;
  Evaluation evaluation_;
  std::optional<std::size_t> unreadable_;
};

TEST_F(Importance, IsAllAtTheOnlyFeatureThatIsLookedAtAndElsewhereExactlyZero) {
  const auto report = run("training");
  EXPECT_EQ(report.uar, evaluation_.metrics.uar);
  EXPECT_EQ(report.uar, 1.0);
  ASSERT_EQ(report.groups.size(), 3U);
  for (const auto& group : report.groups) {
    ASSERT_EQ(group.drops.size(), 5U);
    if (group.name != "zero_crossing_rate") {
      EXPECT_EQ(group.drops, std::vector<double>(5, 0.0)) << group.name;
      EXPECT_EQ(group.mean, 0.0);
      EXPECT_EQ(group.deviation, 0.0);
      continue;
    }
    EXPECT_EQ(group.features, 1U);
    // Dealt out at random, a third of the clips get the number of one of their class.
    EXPECT_NEAR(group.mean, 2.0 / 3.0, 0.2);
    double sum = 0.0;
    double squares = 0.0;
    for (const double drop : group.drops) {
      sum += drop;
      squares += drop * drop;
      EXPECT_LE(drop, report.uar);
    }
    EXPECT_NEAR(group.mean, sum / 5.0, 1e-12);
    EXPECT_NEAR(group.deviation, std::sqrt((squares - sum * sum / 5.0) / 4.0), 1e-9);
    EXPECT_GT(group.deviation, 0.0);
  }
}

TEST_F(Importance, IsTheSameForAnyNumberOfJobs) {
  EXPECT_EQ(to_json(run("training", 1), manifest_), to_json(run("training", 3), manifest_));
}

TEST_F(Importance, LeavesOutAndCountsWhatCannotBeReadAgain) {
  unreadable_ = 4;
  const auto report = run("corpus");
  EXPECT_EQ(report.clips, 17);
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(to_json(report, manifest_)["failures"][0]["id"], manifest_.utterances[4].id);
}

TEST_F(Importance, StopsWhenAsked) {
  std::atomic<int> asked = 0;
  EXPECT_THROW(run("training", 2, [&] { return ++asked > 20; }), core::Interrupted);
}

}  // namespace
}  // namespace ser::eval
