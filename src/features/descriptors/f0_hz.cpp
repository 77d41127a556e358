#include "features/descriptor.h"
#include "features/pitch_features.h"

// Fundamental frequency in Hz by pYIN (Mauch and Dixon, 2014), as librosa.pyin of 0.10.2; 0 where
// the frame is not voiced.
namespace ser::features::f0_hz {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) { fill_row(clip.pitch().f0_hz, rows); }

}  // namespace ser::features::f0_hz
