#include "features/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace ser::features {
namespace {

double compute(std::string_view name, const std::vector<float>& values) {
  std::vector<float> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const Statistic* const statistic = find_statistic(name);
  EXPECT_NE(statistic, nullptr) << name;
  return statistic == nullptr ? 0.0 : statistic->compute({values, sorted});
}

TEST(Statistics, ByHand) {
  const std::vector<float> values = {4, 1, 3, 2, 10};
  EXPECT_DOUBLE_EQ(compute("mean", values), 4.0);
  EXPECT_DOUBLE_EQ(compute("std", values), std::sqrt(10.0));  // (0 + 9 + 1 + 4 + 36) / 5
  EXPECT_DOUBLE_EQ(compute("min", values), 1.0);
  EXPECT_DOUBLE_EQ(compute("max", values), 10.0);
  // differences -3, 2, -1, 8: mean 1.5
  EXPECT_DOUBLE_EQ(compute("delta_mean", values), 3.5);
  EXPECT_DOUBLE_EQ(compute("delta_std", values),
                   std::sqrt((4.5 * 4.5 + 0.5 * 0.5 + 2.5 * 2.5 + 6.5 * 6.5) / 4.0));
}

TEST(Statistics, PercentilesInterpolate) {
  const std::vector<float> values = {4, 1, 3, 2, 10};
  EXPECT_DOUBLE_EQ(compute("p10", values), 1.4);
  EXPECT_DOUBLE_EQ(compute("p25", values), 2.0);
  EXPECT_DOUBLE_EQ(compute("p50", values), 3.0);
  EXPECT_DOUBLE_EQ(compute("p75", values), 4.0);
  EXPECT_DOUBLE_EQ(compute("p90", values), 7.6);
  EXPECT_DOUBLE_EQ(compute("p50", {1, 2}), 1.5);
}

// A tenth of 10 is 1 when it is rounded. A fused multiply-add would not round it, and features
// would depend on whether a processor has it.
TEST(Statistics, RoundProductsBeforeTheyAreAdded) { EXPECT_EQ(compute("p10", {-1, 9}), 0.0); }

TEST(Statistics, OfASingleFrame) {
  for (const Statistic& statistic : statistics()) {
    const bool spread = statistic.name == "std" || statistic.name.starts_with("delta");
    EXPECT_EQ(compute(statistic.name, {2.5F}), spread ? 0.0 : 2.5) << statistic.name;
  }
}

TEST(Statistics, UnknownNameIsNull) { EXPECT_EQ(find_statistic("mode"), nullptr); }

}  // namespace
}  // namespace ser::features
