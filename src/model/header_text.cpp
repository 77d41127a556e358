#include "model/header_text.h"

#include <algorithm>
#include <optional>

namespace ser::model {
namespace {

// Behind the string that begins at `begin`; nothing if it does not end.
std::optional<std::size_t> end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (true) {
    at = text.find('"', at + 1);
    if (at == std::string_view::npos) return std::nullopt;
    // A quotation mark behind an odd number of backslashes is part of the string.
    std::size_t first = at;
    while (first > begin + 1 && text[first - 1] == '\\') --first;
    if ((at - first) % 2 == 0) return at + 1;
  }
}

// Behind the value that begins at `begin`, up to the comma or bracket that ends it.
std::optional<std::size_t> end_of_value(std::string_view text, std::size_t begin) {
  int depth = 0;
  std::size_t at = begin;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const auto end = end_of_string(text, at);
      if (!end) return std::nullopt;
      at = *end;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return std::nullopt;
}

std::size_t behind_space(std::string_view text, std::size_t at) {
  return std::min(text.size(), text.find_first_not_of(" \t\r\n", at));
}

}  // namespace

std::string without_member(std::string_view object, std::string_view key) {
  std::size_t at = behind_space(object, 0);
  if (at == object.size() || object[at] != '{') return std::string(object);
  while (true) {
    at = behind_space(object, at + 1);
    if (at == object.size() || object[at] != '"') break;
    const auto end_of_key = end_of_string(object, at);
    if (!end_of_key) break;
    const std::string_view name = object.substr(at + 1, *end_of_key - at - 2);
    at = behind_space(object, *end_of_key);
    if (at == object.size() || object[at] != ':') break;
    const std::size_t begin = at + 1;
    const auto end = end_of_value(object, begin);
    if (!end) break;
    if (name == key) {
      return std::string(object.substr(0, begin)) + "null" + std::string(object.substr(*end));
    }
    at = *end;
    if (object[at] != ',') break;
  }
  return std::string(object);
}

}  // namespace ser::model
