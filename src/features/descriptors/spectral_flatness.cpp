#include "ser/dsp/spectral_shape.h"

#include "features/descriptor.h"

// Geometric over arithmetic mean of the power spectrum, as librosa.feature.spectral_flatness of
// 0.10.2.
namespace ser::features::spectral_flatness {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    rows(0, frame) = static_cast<float>(dsp::spectral_flatness(clip.magnitudes_of(frame)));
  }
}

}  // namespace ser::features::spectral_flatness
