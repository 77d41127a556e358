#include "ser/core/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "ser/core/checksum.h"

namespace ser::core {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed) : key_(seed) {
  std::uint64_t state = seed;
  for (auto& word : state_) word = split_mix(state);
}

RandomStream RandomStream::fork(std::string_view name) const {
  return RandomStream(checksum64(name, key_ ^ 0x6E616D65U));
}

RandomStream RandomStream::fork(std::uint64_t index) const {
  std::uint64_t state = key_;
  const std::uint64_t mixed = split_mix(state);
  state = mixed ^ index;
  split_mix(state);
  return RandomStream(split_mix(state));
}

std::uint64_t RandomStream::next() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double RandomStream::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double RandomStream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double RandomStream::normal() {
  // 1 - u lies in (0, 1], so the logarithm is finite. The sine branch is dropped: a stream with no
  // second value in hand is simpler to reason about than one that has it.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (low < threshold) {
      product = static_cast<Wide>(next()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace ser::core
