#include "ser/audio/inspect.h"

#include "ser/audio/load.h"

#include "audio/container.h"
#include "audio/file_bytes.h"
#include "audio/refusal.h"

namespace ser::audio {

AudioFacts inspect_audio(const std::filesystem::path& path) {
  const FileBytes file(path);
  const StoredSound sound = find_sound(file);
  const AudioLimits limits = load_defaults().limits;
  if (sound.sample_rate_hz < static_cast<std::uint64_t>(limits.min_sample_rate_hz) ||
      sound.sample_rate_hz > static_cast<std::uint64_t>(limits.max_sample_rate_hz)) {
    throw refusal("E_AUDIO_LIMIT", path,
                  "claims a sample rate of " + std::to_string(sound.sample_rate_hz) + " Hz");
  }
  return {sound.container, sound.sample_format, static_cast<int>(sound.sample_rate_hz),
          sound.channels, sound.frames};
}

}  // namespace ser::audio
