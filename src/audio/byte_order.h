#pragma once

#include <cstddef>
#include <cstdint>

namespace ser::audio {

enum class ByteOrder { kLittle, kBig };

// The unsigned number that sizeof(Number) bytes spell; the caller has made sure that they are
// there.
template <class Number>
Number read_number(const unsigned char* bytes, ByteOrder order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    const std::size_t place = order == ByteOrder::kBig ? i : sizeof(Number) - 1 - i;
    value = value << 8 | bytes[place];
  }
  return static_cast<Number>(value);
}

}  // namespace ser::audio
