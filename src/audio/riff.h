#pragma once

#include "audio/byte_source.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// Finds the sound in a WAVE file that starts at byte `begin` with RIFF, RIFX (big endian), RF64 or
// BW64 (EBU Tech 3306, ITU-R BS.2088: sizes of 64 bits). Takes integers of 8 to 32 bits, IEEE
// floats, A-law and mu-law, plain or as WAVE_FORMAT_EXTENSIBLE. Throws AudioError.
StoredSound find_riff_sound(const ByteSource& file, std::uint64_t begin);

// Whether programs write this as the length of the sound when they stream and cannot come back to
// correct it.
bool is_streamed_size(std::uint64_t size);

}  // namespace ser::audio
