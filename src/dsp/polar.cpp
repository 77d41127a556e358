#include "dsp/polar.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "ser/dsp/saturate.h"

namespace ser::dsp {
namespace {

// The angle of x + i*y. Around 0, 1/2, 1, 3/2 and infinity the arc tangent is that of the point
// plus a polynomial of the distance; which point, is selected and not branched on.
inline float angle_of(float y, float x) {
  constexpr float kPi = 0x1.921fb6p+1F;
  constexpr float kPiRest = -0x1.777a5cp-24F;
  const float quotient = y == 0.0F ? 0.0F : std::abs(y) / std::abs(x);

  const bool below_7_16 = quotient < 0.4375F;
  const bool below_11_16 = quotient < 0.6875F;
  const bool below_19_16 = quotient < 1.1875F;
  const bool below_39_16 = quotient < 2.4375F;
  // from 2^25 on, infinity itself
  float numerator = quotient < 0x1p25F ? -1.0F : 0.0F;
  numerator = below_39_16 ? quotient - 1.5F : numerator;
  float denominator = below_39_16 ? 1.0F + 1.5F * quotient : quotient;
  float point = below_39_16 ? 0x1.f730bcp-1F : 0x1.921fb4p+0F;
  float point_rest = below_39_16 ? 0x1.281f68p-25F : 0x1.4442dp-24F;
  numerator = below_19_16 ? quotient - 1.0F : numerator;
  denominator = below_19_16 ? quotient + 1.0F : denominator;
  point = below_19_16 ? 0x1.921fb4p-1F : point;
  point_rest = below_19_16 ? 0x1.4442dp-25F : point_rest;
  numerator = below_11_16 ? 2.0F * quotient - 1.0F : numerator;
  denominator = below_11_16 ? 2.0F + quotient : denominator;
  point = below_11_16 ? 0x1.dac67p-2F : point;
  point_rest = below_11_16 ? 0x1.586ed2p-28F : point_rest;
  numerator = below_7_16 ? quotient : numerator;
  denominator = below_7_16 ? 1.0F : denominator;
  point = below_7_16 ? 0.0F : point;
  point_rest = below_7_16 ? 0.0F : point_rest;

  const float t = numerator / denominator;
  const float z = t * t;
  const float w = z * z;
  const float odd =
      z * (0x1.555556p-2F +
           w * (0x1.24924ap-3F +
                w * (0x1.745cdcp-4F +
                     w * (0x1.10d66ap-4F + w * (0x1.97b4b2p-5F + w * 0x1.0ad3aep-6F)))));
  const float even =
      w *
      (-0x1.99999ap-3F +
       w * (-0x1.c71c7p-4F + w * (-0x1.3b0f2ap-4F + w * (-0x1.dde2d6p-5F + w * -0x1.2b4442p-5F))));
  const float acute = point - ((t * (odd + even) - point_rest) - t);
  const float angle = std::signbit(x) ? kPi - (acute - kPiRest) : acute;
  return std::copysign(angle, y);
}

struct CosineSine {
  double cosine;
  double sine;
};

// Reduction to [-pi/4, pi/4] (Cody and Waite, 1980), then the polynomials of ARM's optimized
// routines, which are those of the GNU C library.
inline CosineSine cosine_sine(double angle) {
  // Adding this leaves the nearest whole number in the low bits.
  constexpr double kRounder = 0x1.8p52;
  constexpr double kQuartersPerRadian = 0x1.45f306dc9c883p-1;
  // A quarter turn; times a number of up to 20 bits the first part is exact.
  constexpr double kQuarter = 0x1.921fb544p+0;
  constexpr double kQuarterRest = 0x1.0b4611a626331p-34;
  const double rounded = angle * kQuartersPerRadian + kRounder;
  const double quarters = rounded - kRounder;
  const auto quadrant = std::bit_cast<std::uint64_t>(rounded);
  const double r = (angle - quarters * kQuarter) - quarters * kQuarterRest;
  const double z = r * r;
  const double r3 = r * z;
  const double sine = (r + r3 * -0x1.555545995a603p-3) +
                      r3 * z * (0x1.1107605230bc4p-7 + z * -0x1.994eb3774cf24p-13);
  const double z2 = z * z;
  const double cosine = ((1.0 + z * -0x1.ffffffd0c621cp-2) + z2 * 0x1.55553e1068f19p-5) +
                        z2 * z * (-0x1.6c087e89a359dp-10 + z * 0x1.99343027bf8c3p-16);
  // In odd quadrants they change places; the signs are those of the quadrant.
  const auto sine_bits = std::bit_cast<std::uint64_t>(sine);
  const auto cosine_bits = std::bit_cast<std::uint64_t>(cosine);
  const std::uint64_t exchange = (sine_bits ^ cosine_bits) & (0 - (quadrant & 1));
  const std::uint64_t cosine_sign = ((quadrant + 1) & 2) << 62;
  const std::uint64_t sine_sign = (quadrant & 2) << 62;
  return {std::bit_cast<double>(cosine_bits ^ exchange ^ cosine_sign),
          std::bit_cast<double>(sine_bits ^ exchange ^ sine_sign)};
}

}  // namespace

void to_polar(std::span<const std::complex<float>> values, std::span<float> magnitudes,
              std::span<float> angles) {
  assert(magnitudes.size() == values.size() && angles.size() == values.size());
  // an array of complex numbers is one of their parts
  const auto* const parts = reinterpret_cast<const float*>(values.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto re = static_cast<double>(parts[2 * i]);
    const auto im = static_cast<double>(parts[2 * i + 1]);
    magnitudes[i] = saturate_to_float(std::sqrt(re * re + im * im));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    angles[i] = angle_of(parts[2 * i + 1], parts[2 * i]);
  }
}

void from_polar(std::span<const float> magnitudes, std::span<const float> angles,
                std::span<std::complex<float>> values) {
  assert(magnitudes.size() == values.size() && angles.size() == values.size());
  auto* const parts = reinterpret_cast<float*>(values.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [cosine, sine] = cosine_sine(static_cast<double>(angles[i]));
    parts[2 * i] = static_cast<float>(cosine) * magnitudes[i];
    parts[2 * i + 1] = static_cast<float>(sine) * magnitudes[i];
  }
}

}  // namespace ser::dsp
