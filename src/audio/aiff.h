#pragma once

#include "audio/byte_source.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// Finds the sound in an AIFF or AIFF-C file that starts at byte `begin` with FORM (Apple, Audio
// Interchange File Format 1.3 and AIFF-C draft of 1991): integers of 8 to 32 bits in either byte
// order, IEEE floats, A-law and mu-law. Throws AudioError.
StoredSound find_aiff_sound(const ByteSource& file, std::uint64_t begin);

}  // namespace ser::audio
