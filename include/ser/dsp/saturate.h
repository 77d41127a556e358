#pragma once

#include <algorithm>
#include <limits>

namespace ser::dsp {

// Replaces infinity, where a float computation overflowed, by the largest float.
inline float saturate(float value) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  return std::min(std::max(value, -kLargest), kLargest);
}

// Double to float that stays finite: what float cannot hold becomes its largest number. Values that
// float can hold are rounded as ever.
inline float saturate_to_float(double value) { return saturate(static_cast<float>(value)); }

}  // namespace ser::dsp
