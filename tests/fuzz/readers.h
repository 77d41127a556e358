#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What both the fuzzers and the replay of what they found run: a function for each reader, which
// reads the bytes and checks what became of them.
namespace ser::fuzz {

using Bytes = std::span<const unsigned char>;

// Whether the reader takes the bytes. An error that it documents is fine; any other exception is a
// finding, as is a std::logic_error by require(). Each bounds what its input may cost.
#define SER_FUZZ_READER(name) bool read_##name(Bytes bytes);
#include "fuzz/readers.def"
#undef SER_FUZZ_READER

struct Reader {
  std::string_view name;
  bool (*read)(Bytes);
};

// In the order of readers.def.
std::span<const Reader> readers();

// A few small inputs for a reader, by name, most of which it takes: synthetic, made by the library.
std::map<std::string, std::string> seeds_of(std::string_view reader);

// Throws std::logic_error.
void require(bool holds, const char* what);

inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}
inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace ser::fuzz
