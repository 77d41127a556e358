#include "fuzz/readers/sound.h"

namespace ser::fuzz {

void read_flac(Bytes bytes) { read_sound(bytes); }

}  // namespace ser::fuzz
