#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "ser/dsp/saturate.h"

#include "features/descriptor.h"

// Root mean square of a frame's samples; outside the clip they count as zero.
namespace ser::features::rms {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto samples = clip.samples();
  const auto& config = clip.tables().config;
  // All frames start and end on a multiple of `block`, counted from -fft_size / 2, so energies are
  // summed once per block. A running sum over the clip would be simpler, but leaves the rounding of
  // loud passages in silent ones.
  const int block = std::gcd(config.hop_length, std::gcd(config.fft_size, config.fft_size / 2));
  const Eigen::Map<const Eigen::ArrayXf> signal(samples.data(),
                                                static_cast<Eigen::Index>(samples.size()));
  std::vector<double> energies(samples.size() / static_cast<std::size_t>(block) + 1, 0.0);
  for (Eigen::Index start = 0; start < signal.size(); start += block) {
    const Eigen::Index count = std::min<Eigen::Index>(block, signal.size() - start);
    energies[static_cast<std::size_t>(start / block)] =
        signal.segment(start, count).cast<double>().square().sum();
  }
  const auto total = static_cast<std::ptrdiff_t>(energies.size());
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    const std::ptrdiff_t start = (frame * config.hop_length - config.fft_size / 2) / block;
    const auto first = std::clamp<std::ptrdiff_t>(start, 0, total);
    const auto last = std::clamp<std::ptrdiff_t>(start + config.fft_size / block, first, total);
    const double energy = std::accumulate(energies.begin() + first, energies.begin() + last, 0.0);
    rows(0, frame) = dsp::saturate_to_float(std::sqrt(energy / config.fft_size));
  }
}

}  // namespace ser::features::rms
