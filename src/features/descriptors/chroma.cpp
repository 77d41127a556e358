#include "ser/dsp/chroma.h"

#include "features/descriptor.h"

// Energy of the twelve pitch classes, C first, relative to the strongest of the frame. It is taken
// from magnitudes, not powers, and tuned to the clip.
namespace ser::features::chroma {

RowLayout layout(const FeatureConfig&) {
  return RowLayout::numbered(dsp::kChromaClasses, Averaging::kSequential);
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  rows = dsp::chroma(dsp::chroma_filterbank(config.sample_rate_hz, config.fft_size, clip.tuning()),
                     clip.magnitudes());
}

}  // namespace ser::features::chroma
