#include "ser/dsp/spectral_shape.h"

#include "features/descriptor.h"

// The frequency in Hz below which 85 % of the magnitudes lie, as librosa.feature.spectral_rolloff
// of 0.10.2.
namespace ser::features::spectral_rolloff {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  const double bin_hz = dsp::bin_width_hz(config.sample_rate_hz, config.fft_size);
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    rows(0, frame) =
        static_cast<float>(dsp::spectral_rolloff_hz(clip.magnitudes_of(frame), bin_hz));
  }
}

}  // namespace ser::features::spectral_rolloff
