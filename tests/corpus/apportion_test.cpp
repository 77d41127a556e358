#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "corpus/stratified_draw.h"

namespace ser::corpus {
namespace {

using ClipCounts = std::vector<std::int64_t>;

ClipCounts free_apportion(std::int64_t total, const ClipCounts& weights) {
  return apportion(total, weights, std::vector<Bounds>(weights.size(), {0, total}));
}

TEST(Apportion, LargestRemaindersGetTheSeatsThatAreLeft) {
  // exact shares 4.7, 1.6, 1.5, 1.3, 0.9
  EXPECT_EQ(free_apportion(10, {47, 16, 15, 13, 9}), (ClipCounts{5, 2, 1, 1, 1}));
  EXPECT_EQ(free_apportion(3, {1, 1}), (ClipCounts{2, 1}));  // ties by position
  EXPECT_EQ(free_apportion(0, {3, 4}), (ClipCounts{0, 0}));
  EXPECT_EQ(free_apportion(5, {}), ClipCounts{});
}

TEST(Apportion, KeepsItsBounds) {
  EXPECT_EQ(apportion(10, {98, 1, 1}, {{1, 97}, {1, 1}, {1, 1}}), (ClipCounts{8, 1, 1}));
  EXPECT_EQ(apportion(2, {5, 5, 5}, {{1, 4}, {1, 4}, {1, 4}}), (ClipCounts{1, 1, 1}));
  EXPECT_EQ(apportion(14, {5, 5, 5}, {{1, 4}, {1, 4}, {1, 4}}), (ClipCounts{4, 4, 4}));
}

TEST(Apportion, AddsUpAndStaysWithinOneOfTheExactShare) {
  core::RandomStream random(1);
  for (int round = 0; round < 500; ++round) {
    ClipCounts weights(1 + random.below(12));
    for (auto& weight : weights) weight = 1 + static_cast<std::int64_t>(random.below(500));
    const std::int64_t all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    const auto total = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(all)));
    const auto counts = free_apportion(total, weights);
    ASSERT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), total);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double exact = static_cast<double>(total * weights[i]) / static_cast<double>(all);
      ASSERT_LT(std::abs(static_cast<double>(counts[i]) - exact), 1.0);
    }
  }
}

}  // namespace
}  // namespace ser::corpus
