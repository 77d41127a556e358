#include "ser/core/recording_name.h"

#include <algorithm>
#include <array>

namespace ser::core {
namespace {

constexpr std::array<std::string_view, 6> kExtensions = {"wav",  "wave", "aif",
                                                         "aiff", "aifc", "flac"};
constexpr std::array<std::string_view, 12> kForeignExtensions = {
    "mp3", "m4a", "mp4", "aac", "ogg", "oga", "opus", "wma", "amr", "au", "sph", "webm"};

// In ASCII, whatever the locale of the process.
char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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

}  // namespace ser::core
