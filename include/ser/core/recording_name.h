#pragma once

#include <string_view>

namespace ser::core {

// Whether a file of this name may hold a recording that can be read: .wav, .wave, .aif, .aiff,
// .aifc, .flac in any case.
bool is_recording_name(std::string_view file_name);

// Whether it is a recording in a format that is not read, such as .mp3.
bool is_foreign_recording_name(std::string_view file_name);

}  // namespace ser::core
