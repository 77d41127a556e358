#include "ser/core/thread_pool.h"

#include <atomic>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace ser::core {
namespace {

TEST(ThreadPool, RunsEveryIndexOnce) {
  for (const int jobs : {1, 2, 5}) {
    ThreadPool pool(jobs);
    EXPECT_EQ(pool.jobs(), jobs);
    for (int round = 0; round < 50; ++round) {
      std::vector<std::atomic<int>> counts(97);
      pool.parallel_for(counts.size(), [&](std::size_t index, int worker) {
        ASSERT_GE(worker, 0);
        ASSERT_LT(worker, jobs);
        ++counts[index];
      });
      for (const auto& count : counts) EXPECT_EQ(count, 1);
    }
    pool.parallel_for(0, [](std::size_t, int) { FAIL(); });
  }
}

TEST(ThreadPool, RethrowsTheFailureOfTheLowestIndexAndGoesOn) {
  ThreadPool pool(3);
  for (int round = 0; round < 50; ++round) {
    try {
      pool.parallel_for(100, [](std::size_t index, int) {
        if (index % 10 == 7) throw std::runtime_error(std::to_string(index));
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "7");
    }
    std::atomic<int> count = 0;
    pool.parallel_for(10, [&](std::size_t, int) { ++count; });
    EXPECT_EQ(count, 10);
  }
}

}  // namespace
}  // namespace ser::core
