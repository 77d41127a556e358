#include "ser/eval/metrics.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::eval {
namespace {

ConfusionMatrix matrix(std::initializer_list<std::initializer_list<std::int64_t>> rows) {
  return ConfusionMatrix(rows);
}

template <class Action>
std::string code_of(Action&& action) {
  try {
    action();
  } catch (const core::ConfigError& error) {
    return error.code();
  }
  return "no error";
}

TEST(ConfusionMatrix, CountsTrueByPredicted) {
  const std::vector<int> truth = {0, 0, 1, 2, 2, 2};
  const std::vector<int> predicted = {0, 1, 1, 0, 2, 2};
  EXPECT_EQ(confusion_matrix(truth, predicted, 3), matrix({{1, 1, 0}, {0, 1, 0}, {1, 0, 2}}));
  EXPECT_EQ(confusion_matrix({}, {}, 2), matrix({{0, 0}, {0, 0}}));
  EXPECT_EQ(confusion_matrix({}, {}, 0).size(), 0);
}

TEST(ConfusionMatrix, RefusesWhatDoesNotFit) {
  const std::vector<int> one = {0};
  const std::vector<int> two = {0, 1};
  const std::vector<int> negative = {-1};
  EXPECT_EQ(code_of([&] { confusion_matrix(one, two, 2); }), "E_METRICS_INPUT");
  EXPECT_EQ(code_of([&] { confusion_matrix(two, two, 1); }), "E_METRICS_INPUT");
  EXPECT_EQ(code_of([&] { confusion_matrix(one, negative, 2); }), "E_METRICS_INPUT");
  EXPECT_EQ(code_of([&] { confusion_matrix(negative, one, 2); }), "E_METRICS_INPUT");
  EXPECT_EQ(code_of([&] { confusion_matrix({}, {}, -1); }), "E_METRICS_INPUT");
  EXPECT_EQ(code_of([&] { confusion_matrix({}, {}, 1 << 30); }), "E_METRICS_INPUT");
}

TEST(Metrics, AreThoseOfAHandCalculation) {
  const auto metrics =
      compute_metrics(matrix({{8, 2, 0}, {1, 3, 0}, {3, 0, 3}}), {"angry", "happy", "sad"});
  EXPECT_EQ(metrics.clips, 20);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 14.0 / 20);
  ASSERT_EQ(metrics.per_class.size(), 3U);
  EXPECT_EQ(metrics.per_class[0].name, "angry");
  EXPECT_EQ(metrics.per_class[0].support, 10);
  EXPECT_DOUBLE_EQ(metrics.per_class[0].precision, 8.0 / 12);
  EXPECT_DOUBLE_EQ(metrics.per_class[0].recall, 8.0 / 10);
  EXPECT_DOUBLE_EQ(metrics.per_class[0].f1, 16.0 / 22);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].precision, 3.0 / 5);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].recall, 3.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].f1, 6.0 / 9);
  EXPECT_DOUBLE_EQ(metrics.per_class[2].precision, 1.0);
  EXPECT_DOUBLE_EQ(metrics.per_class[2].recall, 0.5);
  EXPECT_DOUBLE_EQ(metrics.per_class[2].f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.uar, (0.8 + 0.75 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(metrics.macro_f1, (16.0 / 22 + 6.0 / 9 + 2.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(metrics.weighted_f1, (10 * 16.0 / 22 + 4 * 6.0 / 9 + 6 * 2.0 / 3) / 20);
}

TEST(Metrics, ClassesWithoutClipsDoNotCountForRecall) {
  // b has no clip but was predicted once; c neither has one nor was predicted
  const auto metrics = compute_metrics(matrix({{3, 1, 0}, {0, 0, 0}, {0, 0, 0}}), {"a", "b", "c"});
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.75);
  EXPECT_DOUBLE_EQ(metrics.uar, 0.75);
  EXPECT_DOUBLE_EQ(metrics.macro_f1, (6.0 / 7 + 0.0) / 2);
  EXPECT_DOUBLE_EQ(metrics.weighted_f1, 6.0 / 7);
  EXPECT_EQ(metrics.per_class[1].precision, 0.0);
  EXPECT_EQ(metrics.per_class[1].recall, 0.0);
  EXPECT_EQ(metrics.per_class[2].f1, 0.0);
}

TEST(Metrics, OfNothingAreZero) {
  for (const auto& metrics : {compute_metrics(matrix({{0, 0}, {0, 0}}), {"a", "b"}),
                              compute_metrics(ConfusionMatrix(), {})}) {
    EXPECT_EQ(metrics.clips, 0);
    EXPECT_EQ(metrics.accuracy, 0.0);
    EXPECT_EQ(metrics.uar, 0.0);
    EXPECT_EQ(metrics.macro_f1, 0.0);
    EXPECT_EQ(metrics.weighted_f1, 0.0);
    EXPECT_FALSE(metrics.of_probabilities);
  }
}

TEST(Metrics, RefuseAMatrixThatDoesNotFit) {
  EXPECT_EQ(code_of([] { compute_metrics(ConfusionMatrix::Zero(2, 2), {"a"}); }),
            "E_METRICS_INPUT");
  EXPECT_EQ(code_of([] {
              compute_metrics(ConfusionMatrix::Zero(2, 3), {"a", "b"});
            }),
            "E_METRICS_INPUT");
  EXPECT_EQ(code_of([] {
              compute_metrics(matrix({{1, 0}, {-1, 1}}), {"a", "b"});
            }),
            "E_METRICS_INPUT");
}

TEST(Metrics, BecomeJson) {
  const auto json = to_json(compute_metrics(matrix({{3, 1}, {0, 4}}), {"a", "caf\xE9"}));
  EXPECT_EQ(
      json.dump(),
      R"({"clips":8,"accuracy":0.875,"uar":0.875,"macro_f1":0.873015873015873,)"
      R"("weighted_f1":0.873015873015873,"per_class":[)"
      R"({"name":"a","precision":1.0,"recall":0.75,"f1":0.8571428571428571,"support":4,"predicted":3},)"
      R"({"name":"caf\\xE9","precision":0.8,"recall":1.0,"f1":0.8888888888888888,"support":4,)"
      R"("predicted":5}],)"
      R"("confusion":{"classes":["a","caf\\xE9"],"counts":[[3,1],[0,4]]}})");
}

}  // namespace
}  // namespace ser::eval
