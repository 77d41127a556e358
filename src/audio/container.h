#pragma once

#include "audio/byte_source.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// Tells the kind of file by its content and finds the sound in it. Throws AudioError: what is not a
// recording, or one of a kind that is not read, is named as what it is.
StoredSound find_sound(const ByteSource& file);

}  // namespace ser::audio
