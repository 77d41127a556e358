#pragma once

#include <optional>
#include <string_view>

namespace ser::corpus {

// Where the path of a recording below its corpus is cut. Views into that path.
struct RecordingName {
  std::string_view folder;  // name of the folder that directly holds the file; empty in the root
  std::string_view file;    // name with extension
  std::string_view stem;    // name without extension
};

// Nothing if it is not the path of a recording.
std::optional<RecordingName> split_recording_name(std::string_view relative_path);

}  // namespace ser::corpus
