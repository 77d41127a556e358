#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "features/descriptor.h"

// The share of a frame's samples whose sign differs from that of the sample before. What lies
// within 1e-10 of zero counts as positive. A frame's first sample never counts; outside the clip
// its end values go on.
namespace ser::features::zero_crossing_rate {
namespace {

bool is_negative(float sample) { return sample < -1e-10F; }

}  // namespace

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(Averaging::kDouble); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const float* const samples = clip.samples().data();
  const auto total = static_cast<std::ptrdiff_t>(clip.samples().size());
  const auto& config = clip.tables().config;
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    const std::ptrdiff_t start = frame * config.hop_length - config.fft_size / 2;
    const auto first = std::clamp<std::ptrdiff_t>(start, 0, total - 1);
    const auto last = std::clamp<std::ptrdiff_t>(start + config.fft_size - 1, 0, total - 1);
    std::uint32_t crossings = 0;
    for (std::ptrdiff_t i = first; i < last; ++i) {
      crossings += is_negative(samples[i]) != is_negative(samples[i + 1]) ? 1U : 0U;
    }
    rows(0, frame) = static_cast<float>(static_cast<double>(crossings) / config.fft_size);
  }
}

}  // namespace ser::features::zero_crossing_rate
