#include <algorithm>

#include "features/descriptor.h"
#include "features/pitch_features.h"

// Fundamental frequency in semitones above its own median over the clip's voiced frames, so that a
// high voice and a low one that say the same alike have the same; 0 in frames without voice.
namespace ser::features::f0_relative {

RowLayout layout(const FeatureConfig& config) {
  return RowLayout::scalar().with_working_values(pitch_working_values(config));
}

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  const dsp::PitchTrack& track = clip.pitch();
  std::vector<float> semitones = continuous_semitones(track);
  std::vector<float> voiced;
  for (std::size_t frame = 0; frame < semitones.size(); ++frame) {
    if (track.voiced(frame)) voiced.push_back(semitones[frame]);
  }
  float median = 0.0F;
  if (!voiced.empty()) {
    const auto middle = voiced.begin() + static_cast<std::ptrdiff_t>(voiced.size() / 2);
    std::ranges::nth_element(voiced, middle);
    median = *middle;
  }
  for (std::size_t frame = 0; frame < semitones.size(); ++frame) {
    semitones[frame] = track.voiced(frame) ? semitones[frame] - median : 0.0F;
  }
  fill_row(semitones, rows);
}

}  // namespace ser::features::f0_relative
