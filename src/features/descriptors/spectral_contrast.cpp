#include "ser/dsp/spectral_contrast.h"

#include "features/descriptor.h"

// Peaks over valleys of the spectrum in octave bands, in decibels, as
// librosa.feature.spectral_contrast of 0.10.2.
namespace ser::features::spectral_contrast {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::numbered(dsp::spectral_contrast_bands(config.sample_rate_hz));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  rows = dsp::spectral_contrast_db(clip.magnitudes(), config.sample_rate_hz, config.fft_size);
}

}  // namespace ser::features::spectral_contrast
