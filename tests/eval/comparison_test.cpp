#include "ser/eval/comparison.h"

#include <atomic>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::eval {
namespace {

// Clips "c00", "c01" ... of the classes a and b in turn, labelled as `predicted` says.
NamedResults results(const std::string& name, const std::vector<int>& predicted) {
  NamedResults results{name, "random (speaker-dependent)", {{"a", "b"}, {}, {}}, {}, {}};
  results.clips.probabilities.resize(2, static_cast<Eigen::Index>(predicted.size()));
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    results.clips.truth.push_back(static_cast<int>(i % 2));
    results.ids.push_back((i < 10 ? "c0" : "c") + std::to_string(i));
    results.speakers.emplace_back("");
    const float first = predicted[i] == 0 ? 0.75F : 0.25F;
    results.clips.probabilities.col(static_cast<Eigen::Index>(i)) << first, 1.0F - first;
  }
  return results;
}

const MetricChange& change_of(const Comparison& comparison, const std::string& metric) {
  for (const auto& change : comparison.metrics) {
    if (change.metric == metric) return change;
  }
  throw std::out_of_range(metric);
}

std::string code_of_comparing(const NamedResults& before, const NamedResults& after) {
  core::ThreadPool pool(1);
  try {
    compare(before, after, {}, pool);
  } catch (const core::ConfigError& error) {
    return error.code();
  }
  return "no error";
}

TEST(McNemar, IsTheExactBinomialProbability) {
  EXPECT_DOUBLE_EQ(mcnemar(0, 0), 1.0);
  EXPECT_NEAR(mcnemar(5, 0), 2.0 / 32, 1e-12);
  EXPECT_NEAR(mcnemar(0, 5), 2.0 / 32, 1e-12);
  // (1 + 10 + 45) / 2^10, twice
  EXPECT_NEAR(mcnemar(2, 8), 2.0 * 56 / 1024, 1e-12);
  EXPECT_DOUBLE_EQ(mcnemar(4, 4), 1.0);
  // scipy.stats.binomtest(40, 100).pvalue
  EXPECT_NEAR(mcnemar(40, 60), 0.05688793364098078, 1e-10);
}

TEST(Compare, HasMetricsOfAThresholdWhereOneIsGiven) {
  core::ThreadPool pool(1);
  const auto before = results("old", {0, 1, 0, 1});
  EXPECT_FALSE(change_of(compare(before, before, {}, pool), "coverage").after);
  EXPECT_EQ(change_of(compare(before, before, {}, pool, 0.8), "coverage").after, 0.0);
  EXPECT_EQ(change_of(compare(before, before, {}, pool, 0.7), "coverage").after, 1.0);
}

TEST(Compare, StopsWhenAsked) {
  core::ThreadPool pool(2);
  const auto before = results("old", {0, 1, 0, 1});
  BootstrapConfig config;
  std::atomic<int> asked = 0;
  config.stop_requested = [&] { return ++asked > 5; };
  EXPECT_THROW(compare(before, before, config, pool), core::Interrupted);
  EXPECT_THROW(bootstrap(before.clips, {}, config, pool), core::Interrupted);
}

TEST(Compare, SaysWhatChanged) {
  core::ThreadPool pool(2);
  const auto before = results("old", {0, 1, 1, 1, 0, 0, 0, 1});
  const auto after = results("new", {0, 1, 0, 1, 0, 1, 1, 1});
  const auto comparison = compare(before, after, {}, pool);
  EXPECT_EQ(comparison.clips, 8U);
  EXPECT_EQ(comparison.fixed, 2U);
  EXPECT_EQ(comparison.broken, 1U);
  EXPECT_DOUBLE_EQ(comparison.mcnemar_p, 1.0);
  ASSERT_EQ(comparison.changed.size(), 3U);
  EXPECT_EQ(comparison.changed[0].id, "c02");
  EXPECT_EQ(comparison.changed[0].label, "a");
  EXPECT_EQ(comparison.changed[0].before, "b");
  EXPECT_EQ(comparison.changed[0].after, "a");
  EXPECT_EQ(comparison.changed[2].id, "c06");
  const auto& accuracy = change_of(comparison, "accuracy");
  EXPECT_DOUBLE_EQ(*accuracy.before, 6.0 / 8);
  EXPECT_DOUBLE_EQ(*accuracy.after, 7.0 / 8);
  EXPECT_LE(accuracy.difference->low, 1.0 / 8);
  EXPECT_GE(accuracy.difference->high, 1.0 / 8);
  EXPECT_DOUBLE_EQ(*change_of(comparison, "recall.b").after, 1.0);
}

// Two that differ in one clip of 40: resampled apart, their accuracies would differ by far more.
TEST(Compare, ResamplesBothAlike) {
  core::ThreadPool pool(1);
  std::vector<int> predicted;
  for (int i = 0; i < 40; ++i) predicted.push_back(i % 3 == 0 ? 0 : 1);
  const auto before = results("old", predicted);
  const auto same = compare(before, before, {}, pool);
  EXPECT_EQ(change_of(same, "uar").difference->low, 0.0);
  EXPECT_EQ(change_of(same, "uar").difference->high, 0.0);
  EXPECT_TRUE(same.changed.empty());
  predicted[1] = 0;
  const auto difference =
      *change_of(compare(before, results("new", predicted), {}, pool), "accuracy").difference;
  EXPECT_GE(difference.low, -5.0 / 40);
  EXPECT_EQ(difference.high, 0.0);
}

TEST(Compare, MatchesClipsByIdAndClassesByName) {
  core::ThreadPool pool(1);
  const auto before = results("old", {0, 1, 1, 0});
  auto after = results("new", {0, 1, 1, 0});
  after.clips.classes = {"b", "a"};
  after.clips.probabilities.row(0).swap(after.clips.probabilities.row(1));
  for (int& label : after.clips.truth) label = 1 - label;
  std::swap(after.ids[0], after.ids[2]);
  after.clips.probabilities.col(0).swap(after.clips.probabilities.col(2));
  after.ids[3] = "another";
  const auto comparison = compare(before, after, {}, pool);
  EXPECT_EQ(comparison.clips, 3U);
  EXPECT_EQ(comparison.only_before, 1U);
  EXPECT_EQ(comparison.only_after, 1U);
  EXPECT_TRUE(comparison.changed.empty());
}

TEST(Compare, RefusesWhatHasNothingInCommon) {
  const auto before = results("old", {0, 1});
  auto other = before;
  EXPECT_EQ(code_of_comparing(before, other), "no error");
  other.clips.classes = {"a", "c"};
  EXPECT_EQ(code_of_comparing(before, other), "E_COMPARE_INPUT");
  other = before;
  other.ids = {"x", "y"};
  EXPECT_EQ(code_of_comparing(before, other), "E_COMPARE_INPUT");
  other = before;
  std::swap(other.clips.truth[0], other.clips.truth[1]);
  EXPECT_EQ(code_of_comparing(before, other), "E_COMPARE_INPUT") << "labelled otherwise";
}

core::Json evaluation_of(const NamedResults& results) {
  core::Json json;
  json["schema"] = kEvaluationSchema;
  json["protocol"] = "random";
  json["speakers"] = "speaker-dependent";
  json["metrics"] = to_json(compute_metrics(results.clips));
  json["predictions"] = predictions_json(results);
  return json;
}

TEST(Results, AreReadBackToTheBit) {
  const test::TemporaryFolder folder;
  auto written = results("old", {0, 1, 1, 0});
  written.speakers[2] = "OAF";
  written.clips.probabilities.col(1) << 1.0F / 3.0F, 1.0F - 1.0F / 3.0F;
  const auto read = read_results(folder.write("r.json", evaluation_of(written).dump()));
  EXPECT_EQ(read.protocol, written.protocol);
  EXPECT_EQ(read.ids, written.ids);
  EXPECT_EQ(read.speakers, written.speakers);
  EXPECT_EQ(read.clips.classes, written.clips.classes);
  EXPECT_EQ(read.clips.truth, written.clips.truth);
  EXPECT_EQ(read.clips.probabilities, written.clips.probabilities);
}

TEST(Results, ThatAreNoneAreRefused) {
  const test::TemporaryFolder folder;
  const auto code = [&](auto&& spoil) -> std::string {
    auto json = evaluation_of(results("old", {0, 1, 1, 0}));
    spoil(json);
    try {
      read_results(folder.write("r.json", json.dump()));
    } catch (const core::ConfigError& error) {
      return error.code();
    }
    return "no error";
  };
  using core::Json;
  EXPECT_EQ(code([](Json&) {}), "no error");
  for (const char* key : {"schema", "protocol", "metrics", "predictions"}) {
    EXPECT_EQ(code([&](Json& j) { j.erase(key); }), "E_COMPARE_INPUT") << key;
    EXPECT_EQ(code([&](Json& j) { j[key] = 3; }), "E_COMPARE_INPUT") << key;
  }
  EXPECT_EQ(code([](Json& j) { j = Json::array(); }), "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) { j["predictions"][0]["label"] = "c"; }), "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) { j["predictions"][0]["id"] = "c01"; }), "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) { j["predictions"][0]["probabilities"].erase(0); }),
            "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) { j["predictions"][0]["probabilities"][0] = "x"; }),
            "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) { j["metrics"]["confusion"]["classes"] = 7; }), "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) {
              j["metrics"]["confusion"]["classes"] = {"a", "b", ""};
            }),
            "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) {
              j["metrics"]["confusion"]["classes"] = {"a", "b", "a"};
            }),
            "E_COMPARE_INPUT");
  EXPECT_EQ(code([](Json& j) {
              j["predictions"] = Json::array();
              for (int i = 0; i < kMaxClasses; ++i) {
                j["metrics"]["confusion"]["classes"].push_back("c" + std::to_string(i));
              }
            }),
            "E_COMPARE_INPUT");
  EXPECT_THROW(read_results(folder / "none.json"), core::ConfigError);
}

}  // namespace
}  // namespace ser::eval
