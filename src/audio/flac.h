#pragma once

#include "audio/byte_source.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// Finds the frames in a FLAC file (RFC 9639) whose marker stands at byte `begin`: goes past the
// metadata blocks and keeps STREAMINFO only. Throws AudioError.
StoredSound find_flac_sound(const ByteSource& file, std::uint64_t begin);

}  // namespace ser::audio
