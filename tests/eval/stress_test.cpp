#include "ser/eval/stress.h"

#include <atomic>
#include <cmath>
#include <filesystem>
#include <numeric>

#include <gtest/gtest.h>

#include "model/small_classifier.h"
#include "support/synthetic_corpus.h"

namespace ser::eval {
namespace {

TEST(Babble, IsTheSumOfDifferentOthersAtOneLevel) {
  // Constants of other levels: each becomes 1, whatever its level, and silence nothing.
  std::vector<std::size_t> asked;
  const auto read = [&](std::size_t other) {
    asked.push_back(other);
    return std::vector<float>(other + 1, static_cast<float>(other) * 0.125F);
  };
  const auto sum = babble(50, 9, read, core::RandomStream(4));
  ASSERT_EQ(asked.size(), kTalkers);
  std::ranges::sort(asked);
  EXPECT_EQ(std::ranges::adjacent_find(asked), asked.end());
  EXPECT_LT(asked.back(), 9U);
  const double speaking = asked.front() == 0 ? kTalkers - 1.0 : kTalkers;
  ASSERT_EQ(sum.size(), 50U);
  for (const float sample : sum) EXPECT_NEAR(sample, speaking, 1e-5);
  asked.clear();
  babble(50, 2, read, core::RandomStream(4));
  EXPECT_EQ(asked.size(), 2U);
}

TEST(Babble, RepeatsAClipFromAnywhere) {
  const auto read = [](std::size_t) { return std::vector<float>{1.0F, -1.0F, 1.0F, 1.0F}; };
  const auto sum = babble(9, 1, read, core::RandomStream(1));
  for (std::size_t i = 4; i < sum.size(); ++i) EXPECT_EQ(sum[i], sum[i - 4]);
  EXPECT_EQ(std::accumulate(sum.begin(), sum.begin() + 4, 0.0F), 2.0F);
}

class Stress : public testing::Test {
 protected:
  Stress()
      : manifest_(corpus::read_corpus(corpus_.root())),
        classifier_(model::EmotionClassifier(parts())) {
    core::ThreadPool pool(2);
    evaluation_ = evaluate(classifier_, manifest_, Part::kAll, pool);
  }

  // `normalization` as in dataset/group_statistics.h.
  static model::ClassifierParts parts(const std::string& normalization = "training") {
    auto parts = model::small_parts();
    parts.classes = {"high", "low", "middle"};
    parts.normalization = normalization;
    return parts;
  }

  StressReport run(std::span<const StressCondition> conditions, int jobs = 2) {
    core::ThreadPool pool(jobs);
    return stress(classifier_, manifest_, evaluation_, pool, {}, {}, conditions);
  }

  test::SyntheticCorpus corpus_{5};
  corpus::Manifest manifest_;
  model::Recogniser classifier_;
  Evaluation evaluation_;
};

TEST_F(Stress, ConditionsThatChangeNothingChangeNothing) {
  constexpr StressCondition kNone[] = {{"none", "nothing", "[]"},
                                       {"gain0", "no gain", R"([{"gain": {"gain_db": [0, 0]}}])"}};
  for (const char* normalization : {"training", "corpus"}) {
    classifier_ = model::EmotionClassifier(parts(normalization));
    core::ThreadPool pool(2);
    evaluation_ = evaluate(classifier_, manifest_, Part::kAll, pool);
    const auto report = run(kNone);
    ASSERT_EQ(report.results.size(), 2U);
    for (const auto& result : report.results) {
      EXPECT_EQ(result.metrics.confusion, evaluation_.metrics.confusion);
      EXPECT_EQ(result.metrics.of_probabilities->log_loss,
                evaluation_.metrics.of_probabilities->log_loss);
      EXPECT_EQ(result.uar_change, 0.0);
      EXPECT_EQ(result.metrics.unchanged, 1.0);
    }
    EXPECT_TRUE(report.failures.empty());
  }
}

TEST_F(Stress, DoesNotDependOnJobsNorOnTheOtherConditions) {
  const auto all = run(stress_conditions(), 1);
  ASSERT_EQ(all.results.size(), stress_conditions().size());
  EXPECT_EQ(to_json(run(stress_conditions(), 3), manifest_), to_json(all, manifest_));
  const std::size_t last = stress_conditions().size() - 1;
  for (const std::size_t one : {std::size_t{2}, std::size_t{10}, last}) {
    const auto alone = run(stress_conditions().subspan(one, 1));
    EXPECT_EQ(alone.results.at(0).metrics.of_probabilities->log_loss,
              all.results[one].metrics.of_probabilities->log_loss);
  }
}

TEST_F(Stress, CountsWhatChanged) {
  const auto report = run(stress_conditions());
  for (const auto& result : report.results) {
    EXPECT_EQ(result.metrics.clips, 15);
    EXPECT_NEAR(result.uar_change, result.metrics.uar - evaluation_.metrics.uar, 1e-12);
  }
  // noise of 10 dB is not lost on the probabilities
  EXPECT_NE(report.results[3].metrics.of_probabilities->log_loss,
            evaluation_.metrics.of_probabilities->log_loss);
  EXPECT_EQ(metrics_of(report).at("white10").uar, report.results[3].metrics.uar);
}

TEST_F(Stress, ClipsThatCannotBeReadAgainAreFailuresAndCounted) {
  std::filesystem::remove(manifest_.utterances[4].path);
  const auto report = run(stress_conditions().first(1));
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].utterance, 4U);
  EXPECT_EQ(report.failures[0].condition, "white40");
  EXPECT_EQ(report.results.at(0).metrics.clips, 14);
  const auto json = to_json(report, manifest_);
  EXPECT_EQ(json["failures"][0]["id"], manifest_.utterances[4].id);
}

TEST_F(Stress, BabbleNeedsAnotherClip) {
  evaluation_.clips = select(evaluation_.clips, std::vector<std::size_t>{0});
  evaluation_.utterances.resize(1);
  const auto report = run(stress_conditions());
  EXPECT_EQ(report.left_out,
            (std::vector<std::string>{"babble40", "babble30", "babble20", "babble10"}));
  EXPECT_EQ(report.results.size(), stress_conditions().size() - 4);
}

TEST_F(Stress, StopsWhenAsked) {
  core::ThreadPool pool(2);
  std::atomic<int> asked = 0;
  EXPECT_THROW(stress(classifier_, manifest_, evaluation_, pool, {}, [&] { return ++asked > 5; }),
               core::Interrupted);
}

}  // namespace
}  // namespace ser::eval
