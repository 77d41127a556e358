#include "features/descriptor.h"

// Mean frequency of the magnitude spectrum in Hz, as librosa.feature.spectral_centroid of 0.10.2.
namespace ser::features::spectral_centroid {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(clip.spectral_centroids_hz(), rows);
}

}  // namespace ser::features::spectral_centroid
