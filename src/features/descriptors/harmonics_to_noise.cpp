#include "features/descriptor.h"
#include "features/pitch_features.h"

// Harmonics-to-noise ratio in decibels (Boersma, 1993), from -20 to 50; 0 where the frame is not
// voiced.
namespace ser::features::harmonics_to_noise {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  fill_row(clip.harmonics_to_noise_db(), rows);
}

}  // namespace ser::features::harmonics_to_noise
