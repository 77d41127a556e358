#include "ser/dsp/decibel.h"

#include <algorithm>
#include <cmath>

namespace ser::dsp {

void power_to_db(std::span<float> power) {
  constexpr float kLeastPower = 1e-10F;
  constexpr float kRangeDb = 80.0F;
  if (power.empty()) return;
  for (float& value : power) value = 10.0F * std::log10(std::max(kLeastPower, value));
  const float floor = *std::max_element(power.begin(), power.end()) - kRangeDb;
  for (float& value : power) value = std::max(value, floor);
}

}  // namespace ser::dsp
