#pragma once

#include <functional>
#include <span>

namespace ser::apps {

// Hands on what arrives on standard input, as it arrives, until its end; a pause is no end. Throws
// Interrupted soon after a signal asked for it, also while nothing comes; ConfigError (E_USAGE)
// where it is a terminal; AudioError (E_AUDIO_READ); OutputError (E_OUTPUT_WRITE) once nobody can
// read standard output any more.
void read_standard_input(const std::function<void(std::span<const unsigned char>)>& consume);

}  // namespace ser::apps
