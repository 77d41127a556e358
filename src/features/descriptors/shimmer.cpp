#include "ser/dsp/voice_quality.h"

#include "features/descriptor.h"
#include "features/pitch_features.h"

// Mean absolute difference between the peaks of consecutive periods of the voice, over their mean
// (local shimmer, as in Praat), among the periods around a frame; 0 where the frame is not voiced.
namespace ser::features::shimmer {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(dsp::local_shimmer(clip.glottal_periods(), clip.pitch(),
                              clip.tables().pitch_tracker.frame_length()),
           rows);
}

}  // namespace ser::features::shimmer
