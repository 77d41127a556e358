#include "features/descriptor.h"

// Power spectrogram in mel bands, in decibels: 0 dB is a power of 1, and nothing lies lower than 80
// dB below the clip's maximum.
namespace ser::features::mel_db {

RowLayout layout(const FeatureConfig& config) { return RowLayout::spectrum(config.mel_bands); }

void compute(ClipAnalysis& clip, DescriptorRows rows) { rows = clip.mel_db(); }

}  // namespace ser::features::mel_db
