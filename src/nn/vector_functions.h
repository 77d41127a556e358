#pragma once

#include <cstdint>
#include <type_traits>

#include "nn/channel_block.h"

namespace ser::nn {

// Functions of sixteen numbers. Unlike those of a mathematical library they give a number the same
// bits in whatever place of a vector, or of a block of examples, it stands.

// e^x, to a few units in the last place; beyond the range of normal numbers their end, NaN for NaN.
// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor series, 2^n by adding n to the exponent.
inline Lanes exponential(Lanes x) {
  constexpr bool kFloat = std::is_same_v<Scalar, float>;
  using Word = std::conditional_t<kFloat, std::uint32_t, std::uint64_t>;
  using Words [[gnu::vector_size(kVectorBytes)]] = Word;
  constexpr int kMantissaBits = kFloat ? 23 : 52;
  constexpr int kTerms = kFloat ? 7 : 13;
  constexpr Scalar kSmallest = kFloat ? Scalar(-87) : Scalar(-708);
  constexpr Scalar kLargest = kFloat ? Scalar(88) : Scalar(709);
  // Adding it rounds a number to an integer, which then stands in the lowest bits.
  constexpr Scalar kRounder = Scalar(3) * static_cast<Scalar>(Word{1} << (kMantissaBits - 1));
  // ln 2 in two parts; n times the first is exact.
  constexpr Scalar kLn2High = Scalar(0.693359375);
  constexpr Scalar kLn2Low = Scalar(-2.12194440054690583e-4);

  const Lanes within = x > kLargest ? Lanes{} + kLargest : x < kSmallest ? Lanes{} + kSmallest : x;
  const Lanes rounded = within * Scalar(1.44269504088896340736) + kRounder;
  const Lanes n = rounded - kRounder;
  const Lanes r = (within - n * kLn2High) - n * kLn2Low;
  Lanes power = Lanes{} + Scalar{1};
  for (int term = kTerms; term >= 1; --term) {
    power = power * (r * (Scalar{1} / static_cast<Scalar>(term))) + Scalar{1};
  }
  const Words exponent = reinterpret_cast<Words>(rounded) << kMantissaBits;
  const Lanes result = reinterpret_cast<Lanes>(reinterpret_cast<Words>(power) + exponent);
  return x == x ? result : x;  // NOLINT(misc-redundant-expression): x where it is NaN
}

// 1 / (1 + e^-x)
inline ChannelBlock sigmoid(ChannelBlock x) {
  for (auto& part : x.parts) part = Scalar{1} / (Scalar{1} + exponential(-part));
  return x;
}

// As 2 sigmoid(2 x) - 1.
inline ChannelBlock hyperbolic_tangent(const ChannelBlock& x) {
  return Scalar{2} * sigmoid(Scalar{2} * x) - ChannelBlock::filled_with(1);
}

}  // namespace ser::nn
