#include "ser/core/checksum.h"

#define XXH_INLINE_ALL
#include <array>
#include <cstdio>
#include <memory>
#include <new>

#include <xxhash.h>

#include "ser/core/file.h"

namespace ser::core {

std::uint64_t checksum64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

}  // namespace

std::string checksum64_hex(std::string_view bytes) { return hex(checksum64(bytes)); }

std::string checksum64_file_hex(const std::filesystem::path& path) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  if (!state) throw std::bad_alloc();
  XXH3_64bits_reset(state.get());
  read_file_pieces(path, [&](std::string_view piece) {
    XXH3_64bits_update(state.get(), piece.data(), piece.size());
  });
  return hex(XXH3_64bits_digest(state.get()));
}

}  // namespace ser::core
