#include "ser/core/random.h"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace ser::core {
namespace {

TEST(RandomStream, IsTheSameWhereverItIsMade) {
  RandomStream used(7);
  for (int i = 0; i < 100; ++i) used.next();
  auto a = used.fork("dropout").fork(3);
  auto b = RandomStream(7).fork("dropout").fork(3);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(RandomStream, ForksDiffer) {
  std::set<std::uint64_t> first;
  const RandomStream root(1);
  for (std::uint64_t i = 0; i < 1000; ++i) first.insert(root.fork(i).next());
  first.insert(root.fork("a").next());
  first.insert(root.fork("b").next());
  first.insert(root.fork("a").fork("b").next());
  first.insert(root.fork("b").fork("a").next());
  first.insert(RandomStream(1).next());
  first.insert(RandomStream(2).next());
  EXPECT_EQ(first.size(), 1006U);
}

TEST(RandomStream, UniformAndNormalHaveTheirMoments) {
  RandomStream random(5);
  const int n = 200000;
  double sum = 0, sum_squares = 0, normal_sum = 0, normal_squares = 0, normal_fourth = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    sum_squares += u * u;
    const double z = random.normal();
    normal_sum += z;
    normal_squares += z * z;
    normal_fourth += z * z * z * z;
  }
  // five standard errors each
  EXPECT_NEAR(sum / n, 0.5, 5 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(sum_squares / n, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / n));
  EXPECT_NEAR(normal_sum / n, 0.0, 5 * std::sqrt(1.0 / n));
  EXPECT_NEAR(normal_squares / n, 1.0, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(normal_fourth / n, 3.0, 5 * std::sqrt(96.0 / n));
}

TEST(RandomStream, BelowIsUniformAndBounded) {
  RandomStream random(11);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5 * std::sqrt(10000.0 * 6 / 7));
  EXPECT_EQ(random.below(1), 0U);
}

TEST(RandomStream, ShuffleIsAPermutation) {
  std::vector<int> values(100);
  for (int i = 0; i < 100; ++i) values[static_cast<std::size_t>(i)] = i;
  const auto before = values;
  RandomStream(3).shuffle<int>(values);
  EXPECT_NE(values, before);
  EXPECT_EQ(std::set<int>(values.begin(), values.end()).size(), 100U);
}

}  // namespace
}  // namespace ser::core
