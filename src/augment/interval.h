#pragma once

#include <string>
#include <vector>

#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/core/random.h"

namespace ser::augment {

// The least and the most of what is drawn uniformly, as the configuration has it: [-6.0, 6.0].
using Interval = std::vector<double>;

inline double draw_from(const Interval& interval, core::RandomStream& random) {
  return random.uniform(interval[0], interval[1]);
}

// Throws ConfigError (E_CONFIG_VALUE) unless these are two numbers in ascending order.
inline void check_interval(const std::string& path, const Interval& interval) {
  if (interval.size() == 2 && interval[0] <= interval[1]) return;
  throw core::ConfigError(
      "E_CONFIG_VALUE", path + ": expected a list of two numbers, the least and the most, found " +
                            core::Json(interval).dump());
}

}  // namespace ser::augment
