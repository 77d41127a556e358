#include "ser/dsp/root_mean_square.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"

namespace ser::dsp {
namespace {

// In several sums at once, so that they can be made side by side.
double energy_of(std::span<const float> samples) {
  constexpr std::size_t kSums = 8;
  double sums[kSums] = {};
  std::size_t next = 0;
  for (; next + kSums <= samples.size(); next += kSums) {
    for (std::size_t i = 0; i < kSums; ++i) {
      const double sample = samples[next + i];
      sums[i] += sample * sample;
    }
  }
  double energy = std::accumulate(std::begin(sums), std::end(sums), 0.0);
  for (const double sample : samples.subspan(next)) energy += sample * sample;
  return energy;
}

}  // namespace

std::vector<float> root_mean_square(std::span<const float> samples, int frame_length,
                                    int hop_length) {
  if (frame_length < 1 || hop_length < 1) {
    throw core::ConfigError("E_CONFIG_VALUE", "frames of " + std::to_string(frame_length) +
                                                  " samples every " + std::to_string(hop_length) +
                                                  ": both must be at least 1");
  }
  // All frames start and end on a multiple of `block`, counted from -frame_length / 2, so energies
  // are summed once per block. A running sum over the clip would be simpler, but leaves the
  // rounding of loud passages in silent ones.
  const int block = std::gcd(hop_length, std::gcd(frame_length, frame_length / 2));
  const auto block_size = static_cast<std::size_t>(block);
  std::vector<double> energies;
  energies.reserve(samples.size() / block_size + 1);
  for (std::size_t start = 0; start < samples.size(); start += block_size) {
    energies.push_back(
        energy_of(samples.subspan(start, std::min(block_size, samples.size() - start))));
  }
  const auto total = static_cast<std::ptrdiff_t>(energies.size());
  std::vector<float> result(1 + samples.size() / static_cast<std::size_t>(hop_length));
  for (std::size_t frame = 0; frame < result.size(); ++frame) {
    const std::ptrdiff_t start =
        (static_cast<std::ptrdiff_t>(frame) * hop_length - frame_length / 2) / block;
    const auto first = std::clamp<std::ptrdiff_t>(start, 0, total);
    const auto last = std::clamp<std::ptrdiff_t>(start + frame_length / block, first, total);
    const double energy = std::accumulate(energies.begin() + first, energies.begin() + last, 0.0);
    result[frame] = saturate_to_float(std::sqrt(energy / frame_length));
  }
  return result;
}

}  // namespace ser::dsp
