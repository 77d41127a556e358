#pragma once

#include <cstdint>
#include <vector>

#include "ser/core/random.h"

namespace ser::corpus {

struct Bounds {
  std::int64_t lower = 0;
  std::int64_t upper = 0;
};

// Whole numbers within their bounds that add up to `total` (or to the nearest sum that the bounds
// allow) and are as near as possible to total * weights / sum(weights): largest remainders first,
// ties by position.
std::vector<std::int64_t> apportion(std::int64_t total, const std::vector<std::int64_t>& weights,
                                    const std::vector<Bounds>& bounds);

// Shares of the whole for the parts that are drawn; 0 for a part that was not asked for.
struct DrawShares {
  double validation = 0.0;
  double test = 0.0;
};

struct Draw {
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

// Draws single members. `members_by_class` holds one list for each class, each with at least one
// member for each part; class c is shuffled by streams[c]. The parts come to round(share * members)
// in all and to at least one of each class; at least one of each class stays in training.
Draw draw_members(const std::vector<std::vector<std::size_t>>& members_by_class,
                  const DrawShares& shares, std::vector<core::RandomStream> streams);

}  // namespace ser::corpus
