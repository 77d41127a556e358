#pragma once

#include "ser/audio/waveform.h"
#include "ser/dataset/clip_config.h"

namespace ser::dataset {

// The clip without silence if the configuration says so.
audio::Waveform without_silence(audio::Waveform waveform, const ClipConfig& clip);

}  // namespace ser::dataset
