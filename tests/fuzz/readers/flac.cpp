#include "fuzz/readers/sound.h"

namespace ser::fuzz {

bool read_flac(Bytes bytes) { return read_sound(bytes); }

}  // namespace ser::fuzz
