#include "ser/dsp/mu_law.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ser::dsp {
namespace {

// The magnitude plus kBias lies in one of eight segments, each twice as long as the one before and
// cut into 16 steps.
constexpr unsigned kBias = 132;
constexpr unsigned kLargestMagnitude = 32635;

}  // namespace

std::uint8_t mu_law_encode(float sample) {
  const float scaled =
      std::isnan(sample) ? 0.0F : std::clamp(sample * 32768.0F, -32768.0F, 32767.0F);
  const long value = std::lrint(scaled);
  const unsigned sign = value < 0 ? 0x80U : 0U;
  const unsigned magnitude =
      std::min(static_cast<unsigned>(std::abs(value)), kLargestMagnitude) + kBias;
  const auto segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8U;
  const unsigned step = (magnitude >> (segment + 3U)) & 0x0FU;
  return static_cast<std::uint8_t>(~(sign | (segment << 4U) | step));
}

float mu_law_decode(std::uint8_t code) {
  const unsigned bits = ~static_cast<unsigned>(code);
  const unsigned segment = (bits >> 4U) & 0x07U;
  const unsigned magnitude = ((((bits & 0x0FU) << 3U) + kBias) << segment) - kBias;
  const float sample = static_cast<float>(magnitude) / 32768.0F;
  return (bits & 0x80U) != 0U ? -sample : sample;
}

}  // namespace ser::dsp
