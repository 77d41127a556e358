#pragma once

#include <string>
#include <vector>

#include "ser/core/random.h"

namespace ser::augment {

// The least and the most of what is drawn uniformly, as the configuration has it: [-6.0, 6.0].
using Interval = std::vector<double>;

inline double draw_from(const Interval& interval, core::RandomStream& random) {
  return random.uniform(interval[0], interval[1]);
}

// Throws ConfigError (E_CONFIG_VALUE) unless these are two numbers in ascending order.
void check_interval(const std::string& path, const Interval& interval);

}  // namespace ser::augment
