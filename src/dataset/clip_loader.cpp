#include "ser/dataset/clip_loader.h"

#include "ser/audio/silence.h"

namespace ser::dataset {

audio::LoadedAudio load_clip(const std::filesystem::path& path, const ClipConfig& clip,
                             int sample_rate_hz) {
  audio::LoadOptions options;
  options.offset_s = clip.offset_s;
  options.duration_s = clip.duration_s;
  options.sample_rate_hz = sample_rate_hz;
  auto loaded = audio::load_audio(path, options);
  if (clip.silence == "trim") {
    loaded.waveform = audio::trim_silence(loaded.waveform, clip.silence_top_db);
  } else if (clip.silence == "remove") {
    loaded.waveform = audio::remove_silence(loaded.waveform, clip.silence_top_db);
  }
  return loaded;
}

}  // namespace ser::dataset
