#include "ser/core/block_pipeline.h"

#include <atomic>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace ser::core {
namespace {

// Blocks of numbers; each becomes its square, each block its sum.
class Squares {
 public:
  Squares(int jobs, std::size_t slots)
      : blocks_(slots),
        sums_(slots),
        pipeline_(jobs, slots,
                  {[this](std::size_t slot, std::size_t item, int) {
                     long& value = blocks_[slot][item];
                     if (value == failing_) throw std::runtime_error("work");
                     value *= value;
                   },
                   [this](std::size_t slot, int) {
                     for (const long value : blocks_[slot]) sums_[slot] += value;
                   },
                   [this](std::size_t slot) {
                     EXPECT_FALSE(finishing_.exchange(true));
                     results_.push_back(sums_[slot]);
                     sums_[slot] = 0;
                     finishing_ = false;
                   }}) {}

  std::vector<long> of(long blocks) {
    for (long number = 0; number < blocks; ++number) {
      const std::size_t slot = pipeline_.next_slot();
      blocks_[slot].assign(static_cast<std::size_t>(1 + number % 5), number);
      pipeline_.submit(blocks_[slot].size());
    }
    pipeline_.drain();
    return results_;
  }

  void fail_at(long value) { failing_ = value; }

 private:
  std::vector<std::vector<long>> blocks_;
  std::vector<long> sums_;
  std::vector<long> results_;
  std::atomic<bool> finishing_ = false;
  long failing_ = -1;
  BlockPipeline pipeline_;
};

TEST(BlockPipeline, FinishesBlocksInTheirOrderForAnyNumberOfJobsAndSlots) {
  std::vector<long> expected;
  for (long number = 0; number < 300; ++number) {
    expected.push_back((1 + number % 5) * number * number);
  }
  for (const int jobs : {1, 2, 7}) {
    for (const std::size_t slots : {1U, 2U, 5U}) {
      EXPECT_EQ(Squares(jobs, slots).of(300), expected) << jobs << " jobs, " << slots << " slots";
    }
  }
  EXPECT_TRUE(Squares(3, 2).of(0).empty());
}

TEST(BlockPipeline, RethrowsWhatAStepThrowsAndFinishesNothingBehindIt) {
  for (const int jobs : {1, 4}) {
    Squares squares(jobs, 3);
    squares.fail_at(50);
    EXPECT_THROW(squares.of(300), std::runtime_error);
    EXPECT_THROW(squares.of(1), std::runtime_error);
  }
}

}  // namespace
}  // namespace ser::core
