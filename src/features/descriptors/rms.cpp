#include "ser/dsp/root_mean_square.h"

#include "features/descriptor.h"

// Root mean square of a frame's samples; outside the clip they count as zero.
namespace ser::features::rms {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  fill_row(dsp::root_mean_square(clip.samples(), config.fft_size, config.hop_length), rows);
}

}  // namespace ser::features::rms
