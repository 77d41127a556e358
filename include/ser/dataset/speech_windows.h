#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
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

// Where a piece of speech lies. Times are counted from the start of the recording.
struct WindowPlace {
  double start_s = 0.0;
  double end_s = 0.0;
  std::size_t region = 0;  // number of the stretch of speech that it lies in
  // Of what windows before it did not hold: where it begins, and how much of it is speech as far as
  // that was known at its end.
  double new_from_s = 0.0;
  double new_speech_s = 0.0;
};

struct SpeechWindow : WindowPlace {
  audio::Waveform waveform;
};

// A stretch of speech (ser/audio/voice_activity.h).
struct SpeechRegion {
  double start_s = 0.0;
  double end_s = 0.0;
};

// Cuts windows of speech out of sound that comes piece by piece, in memory that does not grow with
// its length; they are the same whatever the pieces. They come in the order of their starts: the
// first of a region at its start, others a hop apart as long as somebody speaks, and one that ends
// with the region if they leave half a hop of it. A region that is no longer than a window is one.
//
// A window comes as soon as push() has its last sample, whatever follows: while a pause is not long
// enough to end the region, it may end in that. (One that is short comes later if half of it is
// pause, once there is speech behind.) The window that ends with a region comes when the pause
// behind is long enough.
class SpeechWindows {
 public:
  using OnWindow = std::function<void(const SpeechWindow&)>;
  using OnRegion = std::function<void(const SpeechRegion&)>;

  // `on_region` is told of each region after all windows of it.
  SpeechWindows(const WindowConfig& config, OnWindow on_window, OnRegion on_region);
  ~SpeechWindows();
  SpeechWindows(SpeechWindows&&) noexcept;
  SpeechWindows& operator=(SpeechWindows&&) noexcept;

  // Samples must be finite; the rate is always the same. More than 48 kHz are resampled to that.
  // Throws as dsp::StreamResampler and what the callbacks throw.
  void push(std::span<const float> samples, int sample_rate_hz);
  // The sound ends here. Returns how long it was, in seconds.
  double finish();
  // No region that on_region was not told of begins before this.
  double settled_s() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct HeardRecording {
  double duration_s = 0.0;
  std::vector<SpeechRegion> speech;
  std::vector<std::string> warnings;  // of the reader
};

// Listens to a recording from its beginning, block by block, and hands on windows of its speech.
// Throws AudioError as audio::load_audio() does, E_AUDIO_LIMIT for more than a week, and
// core::Interrupted; windows may have been handed on before.
HeardRecording for_each_speech_window(const std::filesystem::path& path, const WindowConfig& config,
                                      const SpeechWindows::OnWindow& on_window,
                                      const core::StopRequested& stop_requested = {});

// The window as a recogniser hears it: at its rate, and without silence if its clips are. Throws as
// dsp::resample() does.
audio::Waveform sound_of(const SpeechWindow& window, const ClipConfig& clip, int sample_rate_hz);

}  // namespace ser::dataset
