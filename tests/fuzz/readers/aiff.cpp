#include "fuzz/readers/sound.h"

namespace ser::fuzz {

void read_aiff(Bytes bytes) { read_sound(bytes); }

}  // namespace ser::fuzz
