#include "ser/corpus/display_name.h"

#include <cstdint>

namespace ser::corpus {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // in bytes; 0 where the bytes are not UTF-8
};

// The first code point of a text that is not empty. Overlong forms, surrogates and values above
// U+10FFFF are no UTF-8 (RFC 3629).
CodePoint first_code_point(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return {};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = value << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length};
}

bool is_harmless(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;        // C0, DEL, C1
  if (code == 0x2028 || code == 0x2029) return false;                    // line, paragraph
  if (code == 0x200E || code == 0x200F || code == 0x061C) return false;  // direction marks
  if (code >= 0x202A && code <= 0x202E) return false;                    // direction overrides
  if (code >= 0x2066 && code <= 0x2069) return false;                    // direction isolates
  return true;
}

}  // namespace

std::string display_name(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string shown;
  shown.reserve(bytes.size());
  while (!bytes.empty()) {
    const CodePoint code = first_code_point(bytes);
    const std::size_t length = code.length == 0 ? 1 : code.length;
    if (code.length != 0 && is_harmless(code.value)) {
      shown += bytes.substr(0, length);
    } else {
      for (const char c : bytes.substr(0, length)) {
        const auto byte = static_cast<unsigned char>(c);
        shown += "\\x";
        shown += kDigits[byte >> 4U];
        shown += kDigits[byte & 0xFU];
      }
    }
    bytes.remove_prefix(length);
  }
  return shown;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const CodePoint code = first_code_point(bytes);
    if (code.length == 0) return false;
    bytes.remove_prefix(code.length);
  }
  return true;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++width;
  }
  return width;
}

}  // namespace ser::corpus
