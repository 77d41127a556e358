#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ser::audio {

// What the header of a recording says; nothing of the sound is read.
struct AudioFacts {
  std::string container;      // as in LoadedAudio
  std::string sample_format;  // as in LoadedAudio
  int sample_rate_hz = 0;
  int channels = 0;
  // The frames that are there; a FLAC stream need not say how many it has.
  std::optional<std::int64_t> frames;
};

// Throws AudioError as load_audio() does for what it finds in the header: E_AUDIO_MISSING,
// E_AUDIO_FORMAT, E_AUDIO_DAMAGED, E_AUDIO_EMPTY, E_AUDIO_READ, and E_AUDIO_LIMIT for a rate
// outside the standard limits.
AudioFacts inspect_audio(const std::filesystem::path& path);

}  // namespace ser::audio
