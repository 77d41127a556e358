#include "train/duplicates.h"

#include <gtest/gtest.h>

namespace ser::train {
namespace {

TEST(RemoveDuplicates, TakesCopiesOutOfThePartThatIsJudged) {
  corpus::Split split;
  split.train = {0, 1, 2, 3};
  split.validation = {4, 5, 6};
  split.test = {7, 8};
  // 0 is a copy of test clip 7; 2 of validation clip 4; 5 of test clip 8; 1 and 3 of each other;
  // the unreadable 6 and an unreadable training clip are nobody's copies.
  const ContentChecksums checksums = {"g", "b", "e", "b", "e", "h", "", "g", "h"};
  const auto removed = remove_duplicates(split, checksums);
  EXPECT_EQ(split.train, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(split.validation, (std::vector<std::size_t>{4, 6}));
  EXPECT_EQ(split.test, (std::vector<std::size_t>{7, 8}));
  const std::vector<std::pair<std::size_t, std::size_t>> expected = {{0, 7}, {2, 4}, {5, 8}};
  EXPECT_EQ(removed, expected);
}

}  // namespace
}  // namespace ser::train
