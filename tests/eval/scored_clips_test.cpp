#include "ser/eval/scored_clips.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"

#include "support/temporary_folder.h"

namespace ser::eval {
namespace {

// Two classes; `first` is the probability of the first one for each clip.
ScoredClips two_classes(const std::vector<int>& truth, const std::vector<float>& first) {
  ScoredClips clips{{"a", "b"}, truth, {}};
  clips.probabilities.resize(2, static_cast<Eigen::Index>(first.size()));
  for (std::size_t i = 0; i < first.size(); ++i) {
    clips.probabilities.col(static_cast<Eigen::Index>(i)) << first[i], 1.0F - first[i];
  }
  return clips;
}

TEST(ScoredClips, HaveTheMetricsOfAHandCalculation) {
  const auto metrics = compute_metrics(two_classes({0, 1, 1}, {0.75F, 0.625F, 0.125F}), 0.75);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.uar, 0.75);
  ASSERT_TRUE(metrics.of_probabilities);
  EXPECT_DOUBLE_EQ(metrics.of_probabilities->log_loss,
                   -(std::log(0.75) + std::log(0.375) + std::log(0.875)) / 3);
  // squares of 1/4, 5/8 and 1/8, each twice
  EXPECT_DOUBLE_EQ(metrics.of_probabilities->brier, (0.125 + 0.78125 + 0.03125) / 3);
  // confidences 0.75, 0.625 and 0.875 lie in bins of their own; the second clip is wrong
  EXPECT_DOUBLE_EQ(metrics.of_probabilities->ece, (0.25 + 0.625 + 0.125) / 3);
  // in order of confidence right, right, wrong
  EXPECT_DOUBLE_EQ(metrics.of_probabilities->aurc, (0.0 + 0.0 + 1.0 / 3) / 3);
  ASSERT_TRUE(metrics.answered);
  EXPECT_EQ(metrics.answered->clips, 2);  // a confidence that equals the threshold is enough
  EXPECT_DOUBLE_EQ(metrics.answered->coverage, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*metrics.answered->accuracy, 1.0);
  EXPECT_DOUBLE_EQ(*metrics.answered->uar, 1.0);
}

TEST(ScoredClips, OfOneBinAverageBeforeTheyAreCompared) {
  // 15/16 and 31/32 both lie in the last bin: one error in two
  const auto metrics = compute_metrics(two_classes({0, 1}, {0.9375F, 0.96875F}));
  EXPECT_DOUBLE_EQ(metrics.of_probabilities->ece, (0.9375 + 0.96875) / 2 - 0.5);
}

TEST(ScoredClips, OfEqualConfidenceShareTheirErrors) {
  for (const auto& truth : {std::vector<int>{0, 1, 0}, {1, 0, 0}}) {
    const auto metrics = compute_metrics(two_classes(truth, {0.75F, 0.75F, 0.5F}));
    EXPECT_DOUBLE_EQ(metrics.of_probabilities->aurc, (0.5 + 0.5 + 1.0 / 3) / 3);
  }
}

TEST(ScoredClips, HaveTheCurvesThatTheMetricsAreTheAreaOf) {
  // 15/16 and 31/32 in the last of 15 bins, one of them wrong; 5/8 in the tenth, wrong
  const ClipCounter counter(two_classes({0, 1, 1}, {0.9375F, 0.96875F, 0.625F}));
  const auto bins = counter.reliability();
  ASSERT_EQ(bins.size(), 15U);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    EXPECT_EQ(bins[i].clips, i == 14 ? 2 : i == 9 ? 1 : 0) << i;
    EXPECT_DOUBLE_EQ(bins[i].accuracy, i == 14 ? 0.5 : 0.0) << i;
  }
  EXPECT_DOUBLE_EQ(bins[14].confidence, (0.9375 + 0.96875) / 2);
  EXPECT_DOUBLE_EQ(bins[9].confidence, 0.625);
  // the surest is wrong, then right, then wrong
  EXPECT_EQ(counter.risks(), (std::vector<double>{1.0, 0.5, 2.0 / 3}));
  // equally sure: their one error is spread over both
  EXPECT_EQ(ClipCounter(two_classes({1, 0}, {0.75F, 0.75F})).risks(),
            (std::vector<double>{0.5, 0.5}));
}

TEST(ScoredClips, AtTheEndsHaveFiniteMetrics) {
  const auto wrong = compute_metrics(two_classes({1}, {1.0F}));
  EXPECT_DOUBLE_EQ(wrong.of_probabilities->log_loss, -std::log(1e-15));
  EXPECT_DOUBLE_EQ(wrong.of_probabilities->brier, 2.0);
  EXPECT_DOUBLE_EQ(wrong.of_probabilities->ece, 1.0);
  EXPECT_DOUBLE_EQ(wrong.of_probabilities->aurc, 1.0);
  const auto right = compute_metrics(two_classes({0, 0}, {1.0F, 1.0F}));
  EXPECT_DOUBLE_EQ(right.of_probabilities->log_loss, 0.0);
  EXPECT_DOUBLE_EQ(right.of_probabilities->brier, 0.0);
  EXPECT_DOUBLE_EQ(right.of_probabilities->ece, 0.0);
  EXPECT_DOUBLE_EQ(right.uar, 1.0);  // of the only class that has clips
}

TEST(ScoredClips, OfNoneOrOfOneClassAreDefined) {
  const auto none = compute_metrics(two_classes({}, {}), 0.5);
  EXPECT_EQ(none.clips, 0);
  EXPECT_FALSE(none.of_probabilities);
  EXPECT_FALSE(none.answered);
  ScoredClips one{{"a"}, {0, 0}, Eigen::MatrixXf::Ones(1, 2)};
  const auto alone = compute_metrics(one);
  EXPECT_EQ(alone.accuracy, 1.0);
  EXPECT_EQ(alone.of_probabilities->log_loss, 0.0);
  const auto silent = compute_metrics(two_classes({0}, {0.75F}), 0.875);
  ASSERT_TRUE(silent.answered);
  EXPECT_EQ(silent.answered->coverage, 0.0);
  EXPECT_FALSE(silent.answered->accuracy);
}

TEST(ScoredClips, CountedSeveralTimesAreAsManyClips) {
  core::RandomStream random(5);
  std::vector<int> truth;
  std::vector<float> first;
  std::vector<std::int32_t> times;
  std::vector<std::size_t> written_out;
  for (std::size_t i = 0; i < 60; ++i) {
    truth.push_back(static_cast<int>(random.below(2)));
    first.push_back(static_cast<float>(random.below(17)) / 16.0F);
    times.push_back(static_cast<std::int32_t>(random.below(4)));
    written_out.insert(written_out.end(), static_cast<std::size_t>(times.back()), i);
  }
  const auto clips = two_classes(truth, first);
  const auto counted = ClipCounter(clips, 0.8).count(times);
  const auto expected = compute_metrics(select(clips, written_out), 0.8);
  EXPECT_EQ(counted.confusion, expected.confusion);
  EXPECT_NEAR(counted.of_probabilities->log_loss, expected.of_probabilities->log_loss, 1e-12);
  EXPECT_NEAR(counted.of_probabilities->brier, expected.of_probabilities->brier, 1e-12);
  EXPECT_NEAR(counted.of_probabilities->ece, expected.of_probabilities->ece, 1e-12);
  EXPECT_NEAR(counted.of_probabilities->aurc, expected.of_probabilities->aurc, 1e-12);
  EXPECT_EQ(counted.answered->clips, expected.answered->clips);
}

TEST(ScoredClips, RefuseWhatDoesNotFit) {
  const auto code_of = [](const ScoredClips& clips) -> std::string {
    try {
      compute_metrics(clips);
    } catch (const core::ConfigError& error) {
      return error.code();
    }
    return "no error";
  };
  EXPECT_EQ(code_of(two_classes({0, 1}, {0.5F, 0.5F})), "no error");
  EXPECT_EQ(code_of(two_classes({0}, {0.5F, 0.5F})), "E_METRICS_INPUT");
  EXPECT_EQ(code_of(two_classes({2}, {0.5F})), "E_METRICS_INPUT");
  EXPECT_EQ(code_of(two_classes({-1}, {0.5F})), "E_METRICS_INPUT");
  EXPECT_EQ(code_of(two_classes({0}, {1.5F})), "E_METRICS_INPUT");
  EXPECT_EQ(code_of(two_classes({0}, {std::numeric_limits<float>::quiet_NaN()})),
            "E_METRICS_INPUT");
  auto three = two_classes({0}, {0.5F});
  three.classes.emplace_back("c");
  EXPECT_EQ(code_of(three), "E_METRICS_INPUT");
}

// tests/golden/make_metrics.py drew these predictions and asked scikit-learn.
TEST(ScoredClips, HaveTheMetricsOfScikitLearn) {
  const auto golden = core::parse_json(
      test::read_text(std::string(SER_SOURCE_DIR) + "/tests/golden/metrics/predictions.json"),
      "golden");
  ScoredClips clips;
  clips.classes = golden["classes"].get<std::vector<std::string>>();
  clips.truth = golden["truth"].get<std::vector<int>>();
  ASSERT_EQ(clips.truth.size(), 500U);
  clips.probabilities.resize(7, 500);
  for (Eigen::Index i = 0; i < 500; ++i) {
    for (Eigen::Index k = 0; k < 7; ++k) {
      clips.probabilities(k, i) =
          golden["probabilities_x256"][static_cast<std::size_t>(i)][static_cast<std::size_t>(k)]
              .get<float>() /
          256.0F;
    }
  }
  const auto& expected = golden["metrics"];
  const auto json =
      to_json(compute_metrics(clips, expected["answered"]["threshold"].get<double>()));
  // Sums of 500 doubles in another order; scikit-learn also rescales probabilities by 1e-15.
  constexpr double kTolerance = 1e-12;
  for (const char* name :
       {"accuracy", "uar", "macro_f1", "weighted_f1", "log_loss", "brier", "ece", "aurc"}) {
    EXPECT_NEAR(json[name].get<double>(), expected[name].get<double>(), kTolerance) << name;
  }
  for (const char* name : {"coverage", "accuracy", "uar"}) {
    EXPECT_NEAR(json["answered"][name].get<double>(), expected["answered"][name].get<double>(),
                kTolerance)
        << name;
  }
  for (std::size_t k = 0; k < 7; ++k) {
    for (const char* name : {"precision", "recall", "f1"}) {
      EXPECT_NEAR(json["per_class"][k][name].get<double>(), expected[name][k].get<double>(),
                  kTolerance)
          << name << " of " << clips.classes[k];
    }
  }
  EXPECT_EQ(json["confusion"]["counts"], expected["confusion"]);
}

}  // namespace
}  // namespace ser::eval
