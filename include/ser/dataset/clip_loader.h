#pragma once

#include <filesystem>

#include "ser/audio/load.h"
#include "ser/corpus/utterance.h"
#include "ser/dataset/clip_config.h"

namespace ser::dataset {

// The clip of a recording at the rate that features are computed at, without silence if the
// configuration says so. Never empty. Throws AudioError as
// audio::load_audio().
audio::LoadedAudio load_clip(const std::filesystem::path& path, const ClipConfig& clip,
                             int sample_rate_hz);

// The same of an utterance: where it is a segment of a file, that segment is the recording, in
// which the configuration's offset and duration are counted. No more is read than the clip.
audio::LoadedAudio load_clip(const corpus::Utterance& utterance, const ClipConfig& clip,
                             int sample_rate_hz);

// The same of a recording that is in memory, at whatever rate it has. Throws as
// audio::stretch_of().
audio::Waveform clip_of(const audio::Waveform& recording, const ClipConfig& clip,
                        int sample_rate_hz);

}  // namespace ser::dataset
