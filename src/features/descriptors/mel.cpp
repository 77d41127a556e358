#include "features/descriptor.h"

// Power spectrogram in mel bands.
namespace ser::features::mel {

RowLayout layout(const FeatureConfig& config) { return RowLayout::spectrum(config.mel_bands); }

void compute(ClipAnalysis& clip, DescriptorRows rows) { rows = clip.mel(); }

}  // namespace ser::features::mel
