#include "ser/dsp/spectral_shape.h"

#include "features/descriptor.h"

// Spread of the magnitude spectrum around its mean frequency in Hz, as
// librosa.feature.spectral_bandwidth of 0.10.2.
namespace ser::features::spectral_bandwidth {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  const double bin_hz = dsp::bin_width_hz(config.sample_rate_hz, config.fft_size);
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    rows(0, frame) = static_cast<float>(
        dsp::spectral_bandwidth_hz(clip.magnitudes_of(frame), bin_hz,
                                   clip.spectral_centroids_hz()[static_cast<std::size_t>(frame)]));
  }
}

}  // namespace ser::features::spectral_bandwidth
