#pragma once

#include "fuzz/readers.h"

namespace ser::fuzz {

// Reads a recording as load_audio() does with a file's, whatever its kind, in one of several ways.
bool read_sound(Bytes bytes);

}  // namespace ser::fuzz
