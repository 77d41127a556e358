#include "features/descriptor.h"
#include "features/pitch_features.h"

// Fundamental frequency in semitones above its own median over the clip's voiced frames, so that a
// high voice and a low one that say the same alike have the same; 0 in frames without voice.
namespace ser::features::f0_relative {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(relative_semitones(clip.pitch()), rows);
}

}  // namespace ser::features::f0_relative
