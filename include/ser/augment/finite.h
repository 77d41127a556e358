#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace ser::augment {

// What is not a number becomes 0, and what is beyond 1e6 times full scale that much: the sums and
// squares of such samples stay finite.
inline void make_finite(std::span<float> samples) {
  constexpr float kLargest = 1e6F;
  for (float& sample : samples) {
    sample = std::isnan(sample) ? 0.0F : std::clamp(sample, -kLargest, kLargest);
  }
}

}  // namespace ser::augment
