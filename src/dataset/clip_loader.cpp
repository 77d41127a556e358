#include "ser/dataset/clip_loader.h"

#include <algorithm>
#include <utility>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "dataset/clip_silence.h"

namespace ser::dataset {
namespace {

audio::LoadOptions options_of(double offset_s, std::optional<double> duration_s,
                              int sample_rate_hz) {
  audio::LoadOptions options;
  options.offset_s = offset_s;
  options.duration_s = duration_s;
  options.sample_rate_hz = sample_rate_hz;
  return options;
}

// The stretch of the file from offset_s on, at most duration_s of it, without silence if the
// configuration says so.
audio::LoadedAudio load_stretch(const std::filesystem::path& path, double offset_s,
                                std::optional<double> duration_s, const ClipConfig& clip,
                                int sample_rate_hz) {
  auto loaded = audio::load_audio(path, options_of(offset_s, duration_s, sample_rate_hz));
  loaded.waveform = without_silence(std::move(loaded.waveform), clip);
  return loaded;
}

}  // namespace

audio::LoadedAudio load_clip(const std::filesystem::path& path, const ClipConfig& clip,
                             int sample_rate_hz) {
  return load_stretch(path, clip.offset_s, clip.duration_s, clip, sample_rate_hz);
}

audio::LoadedAudio load_clip(const corpus::Utterance& utterance, const ClipConfig& clip,
                             int sample_rate_hz) {
  const double offset_s = utterance.start_s.value_or(0.0) + clip.offset_s;
  std::optional<double> duration_s = clip.duration_s;
  if (utterance.end_s) {
    const double left_s = *utterance.end_s - offset_s;
    if (left_s <= 0.0) {
      throw core::AudioError("E_AUDIO_TOO_SHORT",
                             corpus::display_name(utterance.id) +
                                 ": nothing is left of the segment behind the offset of " +
                                 std::to_string(clip.offset_s) +
                                 " s; use a smaller offset, or leave this segment out");
    }
    duration_s = std::min(duration_s.value_or(left_s), left_s);
  }
  return load_stretch(utterance.path, offset_s, duration_s, clip, sample_rate_hz);
}

audio::Waveform clip_of(const audio::Waveform& recording, const ClipConfig& clip,
                        int sample_rate_hz) {
  return without_silence(
      audio::stretch_of(recording, options_of(clip.offset_s, clip.duration_s, sample_rate_hz)),
      clip);
}

}  // namespace ser::dataset
