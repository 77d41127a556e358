#pragma once

#include <memory>

#include "ser/audio/waveform.h"

#include "report/charts/axis.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// From 0 to the end of the clip, in seconds; without a label unless it is the lowest of a stack.
Axis time_axis(double duration_s, std::string label = {});

// Least and largest sample of each of some hundred stretches.
std::shared_ptr<const Panel> waveform_panel(const audio::Waveform& clip, Axis time);

// In decibels below the loudest of all bands and frames, over mel (ser/dsp/mel.h). Throws as
// FeatureExtractor::frames().
std::shared_ptr<const Panel> mel_panel(const audio::Waveform& clip, Axis time);

}  // namespace ser::report::charts
