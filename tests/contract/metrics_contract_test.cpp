// What every metric of the table in src/eval/metric_table.cpp has to keep.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/gate.h"
#include "ser/eval/metric_table.h"

#include "support/temporary_folder.h"

namespace ser::eval {
namespace {

// 60 clips of three classes. The recogniser gives the true class `share` of the probability for
// `right` in ten of them, and to the next class for the others.
ScoredClips recognised(int right, float share) {
  ScoredClips clips{{"a", "b", "c"}, {}, Eigen::MatrixXf(3, 60)};
  for (int i = 0; i < 60; ++i) {
    clips.truth.push_back(i % 3);
    clips.probabilities.col(i).setConstant((1.0F - share) / 2.0F);
    clips.probabilities((i + (i / 3 % 10 < right ? 0 : 1)) % 3, i) = share;
  }
  return clips;
}

constexpr double kThreshold = 0.5;

template <class Use>
void for_each_metric(Use&& use) {
  for (const auto& name : metric_names({"a", "b", "c"})) {
    SCOPED_TRACE(name);
    use(name, *find_metric(name));
  }
}

TEST(MetricsContract, NamesAreDistinctAndFound) {
  std::set<std::string> names;
  for_each_metric([&](const std::string& name, const MetricName& metric) {
    EXPECT_TRUE(names.insert(name).second);
    EXPECT_NE(metric.of_all == nullptr, metric.of_class == nullptr);
  });
  for (const auto& entry : metric_table()) {
    EXPECT_FALSE(entry.title.empty());
    EXPECT_EQ(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"),
              std::string_view::npos)
        << entry.name;
  }
  EXPECT_FALSE(find_metric("charm"));
  EXPECT_FALSE(find_metric("recall"));
  EXPECT_FALSE(find_metric("recall."));
  EXPECT_FALSE(find_metric("uar.a"));
}

TEST(MetricsContract, AreDefinedAndWithinTheirRange) {
  for (const auto& clips : {recognised(10, 1.0F), recognised(0, 1.0F), recognised(7, 0.75F)}) {
    const auto metrics = compute_metrics(clips, kThreshold);
    for_each_metric([&](const std::string&, const MetricName& metric) {
      const auto value = metric.value(metrics);
      ASSERT_TRUE(value);
      EXPECT_GE(*value, 0.0);
      EXPECT_LE(*value, metric.most());
    });
  }
}

// The direction is that in which a recogniser that is always right and sure differs from one that
// is always wrong and as sure.
TEST(MetricsContract, DirectionIsThatOfTheBetterRecogniser) {
  const auto good = compute_metrics(recognised(10, 1.0F), kThreshold);
  const auto bad = compute_metrics(recognised(0, 1.0F), kThreshold);
  for_each_metric([&](const std::string& name, const MetricName& metric) {
    if (name == "coverage") return;  // how much is answered, not how well
    if (metric.better() == Better::kHigher) {
      EXPECT_GT(*metric.value(good), *metric.value(bad));
    } else {
      EXPECT_LT(*metric.value(good), *metric.value(bad));
    }
  });
}

TEST(MetricsContract, IntervalsHoldTheValue) {
  core::ThreadPool pool(2);
  const auto clips = recognised(7, 0.75F);
  const auto metrics = compute_metrics(clips, kThreshold);
  const auto intervals = bootstrap(clips, {}, {}, pool, kThreshold);
  for_each_metric([&](const std::string& name, const MetricName& metric) {
    const auto interval = intervals.find(name);
    ASSERT_TRUE(interval);
    EXPECT_LE(interval->low, *metric.value(metrics));
    EXPECT_GE(interval->high, *metric.value(metrics));
    EXPECT_GE(interval->low, 0.0);
    EXPECT_LE(interval->high, metric.most());
  });
}

TEST(MetricsContract, GatesTakeOneOfTheTwoBounds) {
  const auto accepts = [](GateKind kind, const std::string& name) {
    try {
      parse_gate(kind, name + "=0.5");
      return true;
    } catch (const core::ConfigError&) {
      return false;
    }
  };
  for_each_metric([&](const std::string& name, const MetricName&) {
    EXPECT_NE(accepts(GateKind::kMin, name), accepts(GateKind::kMax, name));
    EXPECT_NE(accepts(GateKind::kMinInterval, name), accepts(GateKind::kMaxInterval, name));
    EXPECT_EQ(accepts(GateKind::kMin, name), accepts(GateKind::kMinInterval, name));
    EXPECT_TRUE(accepts(GateKind::kMaxDrop, name));
  });
}

TEST(MetricsContract, StandInTheReadme) {
  const auto readme = test::read_text(std::string(SER_SOURCE_DIR) + "/README.md");
  for (const auto& entry : metric_table()) {
    EXPECT_NE(readme.find("| `" + std::string(entry.name) + "` |"), std::string::npos)
        << entry.name << " is not defined in the README's table of metrics";
  }
  for (const auto& entry : class_metric_table()) {
    EXPECT_NE(readme.find("| `" + std::string(entry.name) + ".CLASS` |"), std::string::npos)
        << entry.name;
  }
}

}  // namespace
}  // namespace ser::eval
