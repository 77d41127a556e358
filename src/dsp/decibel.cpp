#include "ser/dsp/decibel.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numbers>

#include <Eigen/Core>

namespace ser::dsp {
namespace {

// The common logarithm of a normal, positive float, with a relative error of 2e-9 before it is
// rounded to float: exponent and mantissa apart, the latter by the series of the inverse hyperbolic
// tangent. Unlike the C library's it can be computed for several numbers at once.
inline float log10_of(float value) {
  constexpr std::uint32_t kSquareRootOfHalf = 0x3f3504f3;  // the bits of the float
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto exponent = static_cast<std::int32_t>(bits - kSquareRootOfHalf) >> 23;
  const double mantissa = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(exponent) << 23));
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  const double z = s * s;
  const double series = 1.0 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9))));
  return static_cast<float>(exponent * (std::numbers::ln2 / std::numbers::ln10) +
                            s * series * (2.0 / std::numbers::ln10));
}

}  // namespace

void power_to_db(std::span<float> power) {
  constexpr float kLeastPower = 1e-10F;
  constexpr float kRangeDb = 80.0F;
  if (power.empty()) return;
  for (float& value : power) value = 10.0F * log10_of(std::max(kLeastPower, value));
  Eigen::Map<Eigen::ArrayXf> values(power.data(), static_cast<Eigen::Index>(power.size()));
  values = values.max(values.maxCoeff() - kRangeDb);
}

}  // namespace ser::dsp
