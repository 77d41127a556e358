#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <span>
#include <vector>

#include "ser/dsp/saturate.h"

#include "features/descriptor.h"

// Root mean square of a frame's samples; outside the clip they count as zero.
namespace ser::features::rms {

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

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto samples = clip.samples();
  const auto& config = clip.tables().config;
  // All frames start and end on a multiple of `block`, counted from -fft_size / 2, so energies are
  // summed once per block. A running sum over the clip would be simpler, but leaves the rounding of
  // loud passages in silent ones.
  const auto block = static_cast<std::size_t>(
      std::gcd(config.hop_length, std::gcd(config.fft_size, config.fft_size / 2)));
  std::vector<double> energies;
  energies.reserve(samples.size() / block + 1);
  for (std::size_t start = 0; start < samples.size(); start += block) {
    energies.push_back(energy_of(samples.subspan(start, std::min(block, samples.size() - start))));
  }
  const auto total = static_cast<std::ptrdiff_t>(energies.size());
  const auto block_size = static_cast<std::ptrdiff_t>(block);
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    const std::ptrdiff_t start = (frame * config.hop_length - config.fft_size / 2) / block_size;
    const auto first = std::clamp<std::ptrdiff_t>(start, 0, total);
    const auto last =
        std::clamp<std::ptrdiff_t>(start + config.fft_size / block_size, first, total);
    const double energy = std::accumulate(energies.begin() + first, energies.begin() + last, 0.0);
    rows(0, frame) = dsp::saturate_to_float(std::sqrt(energy / config.fft_size));
  }
}

}  // namespace ser::features::rms
