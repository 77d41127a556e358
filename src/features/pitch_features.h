#pragma once

#include <vector>

#include "ser/dsp/pitch.h"
#include "ser/features/feature_config.h"

namespace ser::features {

dsp::PitchConfig pitch_config(const FeatureConfig& config);

// Numbers a frame that the search for pitch needs (see RowLayout::with_working_values).
int pitch_working_values(const FeatureConfig& config);

// Semitones above 27.5 Hz: of a voiced frame its own, between voiced frames on a straight line,
// before the first and after the last like these; all 0 if no frame is voiced.
std::vector<float> continuous_semitones(const dsp::PitchTrack& track);

// Semitones above the median of the voiced frames (of an even number, the upper of the middle two);
// 0 in the others.
std::vector<float> relative_semitones(const dsp::PitchTrack& track);

}  // namespace ser::features
