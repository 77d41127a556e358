#include "features/averaging.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace ser::features {
namespace {

TEST(Average, OfSmallIntegersIsExactInEveryOrder) {
  for (const std::size_t count : {1U, 5U, 8U, 127U, 128U, 129U, 1000U, 4096U}) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
    const double expected = (static_cast<double>(count) - 1.0) / 2.0;
    for (const auto averaging :
         {Averaging::kPairwise, Averaging::kSequential, Averaging::kDouble}) {
      EXPECT_EQ(average(values, averaging), static_cast<float>(expected)) << count;
    }
  }
}

TEST(Average, OrdersRoundDifferently) {
  // Next to 2^24, float cannot count by ones: one after the other, they are lost.
  std::vector<float> values(16, 1.0F);
  values[0] = 16777216.0F;
  EXPECT_EQ(average(values, Averaging::kSequential), 16777216.0 / 16.0);
  // Of the pairwise sum's lanes only the first loses its second value.
  EXPECT_EQ(average(values, Averaging::kPairwise), 16777230.0 / 16.0);
  EXPECT_EQ(average(values, Averaging::kDouble), 16777231.0 / 16.0);
}

TEST(Average, IsFiniteEvenIfFloatCannotHoldTheSum) {
  const std::vector<float> values(40, std::numeric_limits<float>::max());
  for (const auto averaging : {Averaging::kPairwise, Averaging::kSequential}) {
    EXPECT_EQ(average(values, averaging), static_cast<double>(std::numeric_limits<float>::max()));
  }
}

}  // namespace
}  // namespace ser::features
