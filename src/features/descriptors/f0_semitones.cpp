#include "features/descriptor.h"
#include "features/pitch_features.h"

// Fundamental frequency in semitones above 27.5 Hz (the lowest A of a piano, as in eGeMAPS).
// Between voiced stretches it moves in a straight line, before the first and after the last it
// stays, so that statistics do not mix pitch with voicing; 0 if nothing is voiced.
namespace ser::features::f0_semitones {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(continuous_semitones(clip.pitch()), rows);
}

}  // namespace ser::features::f0_semitones
