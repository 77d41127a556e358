#include "ser/dsp/spectral_shape.h"

#include "features/descriptor.h"

// Slope of the power spectrum in dB/kHz from 0 to 500 and from 500 to 1500 Hz, the bands of eGeMAPS
// (Eyben et al., 2016).
namespace ser::features::spectral_slope {

RowLayout layout(const FeatureConfig&) { return RowLayout::suffixed({"_0_500", "_500_1500"}); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const auto& config = clip.tables().config;
  const double bin_hz = dsp::bin_width_hz(config.sample_rate_hz, config.fft_size);
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    const auto magnitudes = clip.magnitudes_of(frame);
    rows(0, frame) =
        static_cast<float>(dsp::spectral_slope_db_per_khz(magnitudes, bin_hz, 0.0, 500.0));
    rows(1, frame) =
        static_cast<float>(dsp::spectral_slope_db_per_khz(magnitudes, bin_hz, 500.0, 1500.0));
  }
}

}  // namespace ser::features::spectral_slope
