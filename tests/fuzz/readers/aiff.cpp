#include "fuzz/readers/sound.h"

namespace ser::fuzz {

bool read_aiff(Bytes bytes) { return read_sound(bytes); }

}  // namespace ser::fuzz
