#include "features/descriptor.h"
#include "features/pitch_features.h"

// The probability that a frame is voiced, by pYIN (Mauch and Dixon, 2014), as librosa.pyin of
// 0.10.2.
namespace ser::features::voicing_probability {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(clip.pitch().voicing_probability, rows);
}

}  // namespace ser::features::voicing_probability
