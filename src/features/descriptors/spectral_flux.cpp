#include "ser/dsp/spectral_shape.h"

#include "features/descriptor.h"

// Change of the spectrum's shape since the frame before, from 0 to 2 (Tzanetakis and Cook, 2002); 0
// for the first frame.
namespace ser::features::spectral_flux {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  rows(0, 0) = 0.0F;
  for (Eigen::Index frame = 1; frame < rows.cols(); ++frame) {
    rows(0, frame) = static_cast<float>(
        dsp::spectral_flux(clip.magnitudes_of(frame - 1), clip.magnitudes_of(frame)));
  }
}

}  // namespace ser::features::spectral_flux
