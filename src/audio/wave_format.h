#pragma once

#include <cstdint>

#include "audio/chunk_walker.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// What the format chunk of a WAVE file says (WAVEFORMATEX, WAVEFORMATEXTENSIBLE).
struct WaveFormat {
  Encoding encoding = Encoding::kPcm16;
  std::uint32_t sample_rate_hz = 0;  // unchecked
  int channels = 0;                  // at least 1
};

// Throws AudioError: E_AUDIO_DAMAGED, E_AUDIO_FORMAT for an encoding that is not supported.
WaveFormat read_wave_format(const ByteSource& file, const Chunk& chunk, ByteOrder order);

}  // namespace ser::audio
