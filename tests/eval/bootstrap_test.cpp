#include "ser/eval/bootstrap.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/eval/metric_table.h"

#include "eval/quantiles.h"

namespace ser::eval {
namespace {

struct Tested {
  ScoredClips clips{{"a", "b"}, {}, {}};
  std::vector<std::string> speakers;
};

constexpr double kRecallOfA = 0.5;
constexpr double kRecallOfB = 0.7;

// `voices` people say `each` clips of both classes. A voice is easier or harder than others by up
// to `spread`, and the recogniser is always sure by 3/4.
Tested draw(core::RandomStream random, int voices, int each, double spread) {
  Tested tested;
  std::vector<float> first;
  for (int voice = 0; voice < voices; ++voice) {
    const double ease = random.uniform(-spread, spread);
    for (int i = 0; i < 2 * each; ++i) {
      const int truth = i % 2;
      const bool right = random.uniform() < (truth == 0 ? kRecallOfA : kRecallOfB) + ease;
      tested.clips.truth.push_back(truth);
      first.push_back((truth == 0) == right ? 0.75F : 0.25F);
      tested.speakers.push_back("voice " + std::to_string(voice));
    }
  }
  tested.clips.probabilities.resize(2, static_cast<Eigen::Index>(first.size()));
  for (std::size_t i = 0; i < first.size(); ++i) {
    tested.clips.probabilities.col(static_cast<Eigen::Index>(i)) << first[i], 1.0F - first[i];
  }
  return tested;
}

enum class Speakers { kKnown, kUnknown };

// Of so many tests the share whose intervals hold the true value, by metric.
std::map<std::string, double> coverage(int voices, int each, double spread, Speakers speakers,
                                       int tests = 1000) {
  const double right = (kRecallOfA + kRecallOfB) / 2.0;
  const std::map<std::string, double> true_values = {
      {"accuracy", right},
      {"uar", right},
      {"recall.a", kRecallOfA},
      {"log_loss", -right * std::log(0.75) - (1.0 - right) * std::log(0.25)},
      {"ece", 0.75 - right}};
  core::ThreadPool pool(core::available_processors());
  std::map<std::string, double> covered;
  for (int test = 0; test < tests; ++test) {
    const auto stream = core::RandomStream(1).fork(static_cast<std::uint64_t>(test));
    const auto tested = draw(stream, voices, each, spread);
    BootstrapConfig config;
    config.resamples = 300;
    config.seed = static_cast<std::uint64_t>(test);
    const auto intervals = bootstrap(
        tested.clips, speakers == Speakers::kKnown ? tested.speakers : std::vector<std::string>(),
        config, pool);
    for (const auto& [name, value] : true_values) {
      const auto interval = intervals.find(name);
      if (interval && interval->low <= value && value <= interval->high) {
        covered[name] += 1.0 / tests;
      }
    }
  }
  return covered;
}

TEST(Bootstrap, Of24SpeakersCoversTheTrueValues) {
  for (const auto& [name, share] : coverage(24, 4, 0.25, Speakers::kKnown)) {
    EXPECT_GE(share, 0.93) << name;
    EXPECT_LE(share, 0.97) << name;
  }
}

TEST(Bootstrap, OfClipsCoversTheTrueValues) {
  for (const auto& [name, share] : coverage(100, 1, 0.0, Speakers::kUnknown)) {
    EXPECT_GE(share, 0.93) << name;
    EXPECT_LE(share, 0.97) << name;
  }
}

TEST(Bootstrap, OfClipsAloneWouldBeTooNarrowWhereVoicesDiffer) {
  EXPECT_LT(coverage(10, 15, 0.25, Speakers::kUnknown, 200).at("accuracy"), 0.8);
}

TEST(Bootstrap, DoesNotDependOnTheNumberOfThreads) {
  const auto tested = draw(core::RandomStream(3), 12, 5, 0.25);
  core::ThreadPool one(1);
  core::ThreadPool three(3);
  const auto json = to_json(bootstrap(tested.clips, tested.speakers, {}, one, 0.5));
  EXPECT_EQ(json, to_json(bootstrap(tested.clips, tested.speakers, {}, three, 0.5)));
  BootstrapConfig other;
  other.seed = 2;
  EXPECT_NE(json, to_json(bootstrap(tested.clips, tested.speakers, other, one, 0.5)));
  EXPECT_EQ(json["unit"], "speakers");
  EXPECT_EQ(json["units"], 12);
  EXPECT_EQ(json["metrics"].size(), metric_names(tested.clips.classes).size());
  EXPECT_LT(json["metrics"]["uar"][0], json["metrics"]["uar"][1]);
}

TEST(Bootstrap, OfFewOrNamelessSpeakersResamplesClipsAndSaysSo) {
  core::ThreadPool pool(1);
  const auto statement = [&](int voices, int nameless) {
    auto tested = draw(core::RandomStream(3), voices, 5, 0.25);
    for (int i = 0; i < nameless; ++i) tested.speakers[static_cast<std::size_t>(i)] = "";
    const auto intervals = bootstrap(tested.clips, tested.speakers, {}, pool);
    return (intervals.unit == Intervals::Unit::kSpeakers ? "speakers: " : "clips: ") +
           intervals.statement;
  };
  EXPECT_EQ(statement(8, 0), "speakers: intervals resample 8 speakers");
  EXPECT_NE(statement(7, 0).find("clips: intervals resample 70 clips: 7 speakers are too few"),
            std::string::npos);
  EXPECT_NE(statement(2, 0).find("hold for other clips of the same voices only"),
            std::string::npos);
  EXPECT_NE(statement(1, 0).find("1 speaker is too few"), std::string::npos);
  EXPECT_NE(statement(9, 1).find("clips: intervals resample 90 clips, since the speaker of 1 is"),
            std::string::npos);
  EXPECT_NE(statement(2, 20).find("nothing is known of speakers"), std::string::npos);
}

TEST(Bootstrap, OfNoErrorsStillLeavesRoomForSome) {
  core::ThreadPool pool(1);
  ScoredClips clips{{"a", "b"}, {}, Eigen::MatrixXf::Zero(2, 40)};
  for (int i = 0; i < 40; ++i) {
    clips.truth.push_back(i < 10 ? 0 : 1);
    clips.probabilities(clips.truth.back(), i) = 1.0F;
  }
  const auto right = bootstrap(clips, {}, {}, pool);
  // (1 - e)^n = 0.025
  EXPECT_DOUBLE_EQ(right.find("accuracy")->low, std::pow(0.025, 1.0 / 40));
  EXPECT_EQ(right.find("accuracy")->high, 1.0);
  EXPECT_DOUBLE_EQ(right.find("recall.a")->low, std::pow(0.025, 1.0 / 10));
  // The worst there could be: all errors in the smaller class, since 30 of the other would not
  // hide; mean of 0 and 1 - 0.025^(1/10).
  EXPECT_NEAR(right.find("uar")->low, (1.0 + std::pow(0.025, 1.0 / 10)) / 2.0, 1e-9);
  EXPECT_EQ(right.find("log_loss")->high, 0.0);

  clips.probabilities.row(0).swap(clips.probabilities.row(1));
  const auto wrong = bootstrap(clips, {}, {}, pool);
  EXPECT_EQ(wrong.find("accuracy")->low, 0.0);
  EXPECT_DOUBLE_EQ(wrong.find("accuracy")->high, 1.0 - std::pow(0.025, 1.0 / 40));
}

TEST(Bootstrap, GivesNoIntervalWhereAMetricIsOftenUndefined) {
  core::ThreadPool pool(1);
  auto tested = draw(core::RandomStream(3), 10, 2, 0.0);
  // only one of ten speakers has a clip of the class c: a third of the resamples have none
  tested.clips.classes = {"a", "b", "c"};
  tested.clips.probabilities.conservativeResize(3, Eigen::NoChange);
  tested.clips.probabilities.row(2).setZero();
  tested.clips.truth[0] = 2;
  const auto intervals = bootstrap(tested.clips, tested.speakers, {}, pool);
  EXPECT_FALSE(intervals.find("recall.c"));
  EXPECT_FALSE(intervals.find("precision.c"));  // never predicted
  EXPECT_FALSE(intervals.find("coverage"));     // no threshold
  EXPECT_TRUE(intervals.find("recall.a"));
  EXPECT_TRUE(intervals.find("uar"));
}

TEST(Bootstrap, RefusesWhatDoesNotFitAndTakesNothing) {
  core::ThreadPool pool(1);
  const auto tested = draw(core::RandomStream(3), 2, 2, 0.0);
  EXPECT_THROW(bootstrap(tested.clips, {"a"}, {}, pool), core::ConfigError);
  BootstrapConfig none;
  none.resamples = 0;
  EXPECT_THROW(bootstrap(tested.clips, {}, none, pool), core::ConfigError);
  const ScoredClips empty{{"a", "b"}, {}, Eigen::MatrixXf(2, 0)};
  EXPECT_FALSE(bootstrap(empty, {}, {}, pool).find("accuracy"));
}

TEST(Quantiles, AreThoseOfTheTables) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_cdf(-1.6448536269514722), 0.05, 1e-12);
  EXPECT_NEAR(student_quantile(0.975, 1), 12.706204736432095, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 2), 0.95 / std::sqrt(0.04875), 1e-10);
  EXPECT_NEAR(student_quantile(0.975, 9), 2.2621571627409915, 1e-10);
  EXPECT_NEAR(student_quantile(0.95, 30), 1.697260886593957, 1e-10);
  EXPECT_NEAR(student_quantile(0.975, 1000), 1.9623390808264074, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 1001), 1.9623367052808787, 1e-8);
  EXPECT_EQ(quantile({1.0}, 0.3), 1.0);
  EXPECT_DOUBLE_EQ(quantile({1.0, 2.0, 4.0}, 0.75), 3.0);
  EXPECT_DOUBLE_EQ(quantile({1.0, 2.0, 4.0}, 1.0), 4.0);
}

}  // namespace
}  // namespace ser::eval
