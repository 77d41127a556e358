#include "corpus/recording_name.h"

#include <algorithm>
#include <array>

#include "corpus/ascii.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 6> kExtensions = {"wav",  "wave", "aif",
                                                         "aiff", "aifc", "flac"};
constexpr std::array<std::string_view, 12> kForeignExtensions = {
    "mp3", "m4a", "mp4", "aac", "ogg", "oga", "opus", "wma", "amr", "au", "sph", "webm"};

bool has_extension_of(std::string_view file_name, const auto& extensions) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view extension = file_name.substr(dot + 1);
  return std::ranges::any_of(extensions, [&](std::string_view known) {
    return std::ranges::equal(extension, known, [](char a, char b) { return lower_case(a) == b; });
  });
}

}  // namespace

bool is_recording_name(std::string_view file_name) {
  return has_extension_of(file_name, kExtensions);
}

bool is_foreign_recording_name(std::string_view file_name) {
  return has_extension_of(file_name, kForeignExtensions);
}

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
  if (!is_recording_name(name.file)) return std::nullopt;
  name.stem = name.file.substr(0, name.file.rfind('.'));
  return name;
}

}  // namespace ser::corpus
