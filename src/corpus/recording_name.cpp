#include "corpus/recording_name.h"

#include "ser/core/recording_name.h"

namespace ser::corpus {

std::optional<RecordingName> split_recording_name(std::string_view relative_path) {
  RecordingName name;
  const std::size_t slash = relative_path.rfind('/');
  if (slash != std::string_view::npos) {
    name.folder = relative_path.substr(0, slash);
    const std::size_t before = name.folder.rfind('/');
    if (before != std::string_view::npos) name.folder.remove_prefix(before + 1);
    // no folder has such a name, so this path was not made by walking one
    if (name.folder.empty() || name.folder == "." || name.folder == "..") return std::nullopt;
    relative_path.remove_prefix(slash + 1);
  }
  name.file = relative_path;
  if (!core::is_recording_name(name.file)) return std::nullopt;
  name.stem = name.file.substr(0, name.file.rfind('.'));
  return name;
}

}  // namespace ser::corpus
