#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ser/audio/waveform.h"
#include "ser/core/interrupted.h"
#include "ser/dataset/clip_config.h"

namespace ser::dataset {

// How a long recording is cut into pieces of the length that a recogniser knows.
struct WindowConfig {
  double window_s = 2.5;
  double hop_s = 0.5;  // from the start of one window to that of the next
};

// A piece of speech. Times are counted from the start of the recording.
struct SpeechWindow {
  double start_s = 0.0;
  double end_s = 0.0;
  std::size_t region = 0;    // number of the stretch of speech that it lies in
  audio::Waveform waveform;  // at the rate that was asked for
};

// A stretch of speech (ser/audio/voice_activity.h).
struct SpeechRegion {
  double start_s = 0.0;
  double end_s = 0.0;
};

struct HeardRecording {
  double duration_s = 0.0;
  std::vector<SpeechRegion> speech;
  std::vector<std::string> warnings;  // of the reader
};

// Listens to a recording from its beginning, block by block, in memory that does not grow with its
// length, and hands on windows of its speech in the order of their starts: the first of a region at
// its start, others a hop apart as long as they fit, and one that ends with the region. A region
// that is no longer than a window is one. Throws AudioError as audio::load_audio() does,
// E_AUDIO_LIMIT for more than a week, and core::Interrupted; windows may have been handed on
// before.
HeardRecording for_each_speech_window(const std::filesystem::path& path, const WindowConfig& config,
                                      int sample_rate_hz,
                                      const std::function<void(const SpeechWindow&)>& on_window,
                                      const core::StopRequested& stop_requested = {});

// The window as a recogniser hears it: at its rate, and without silence if its clips are. Throws as
// dsp::resample() does.
audio::Waveform sound_of(const SpeechWindow& window, const ClipConfig& clip, int sample_rate_hz);

}  // namespace ser::dataset
