#include "ser/dataset/clip_loader.h"

namespace ser::dataset {

audio::LoadedAudio load_clip(const std::filesystem::path& path, const ClipConfig& clip,
                             int sample_rate_hz) {
  audio::LoadOptions options;
  options.offset_s = clip.offset_s;
  options.duration_s = clip.duration_s;
  options.sample_rate_hz = sample_rate_hz;
  return audio::load_audio(path, options);
}

}  // namespace ser::dataset
