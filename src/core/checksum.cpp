#include "ser/core/checksum.h"

#define XXH_INLINE_ALL
#include <array>
#include <cstdio>

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

struct RunningChecksum::State {
  XXH3_state_t xxh3;
};

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->xxh3);
}

RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::update(std::string_view bytes) {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::string RunningChecksum::hex() const { return core::hex(XXH3_64bits_digest(&state_->xxh3)); }

std::string checksum64_file_hex(const std::filesystem::path& path) {
  RunningChecksum checksum;
  read_file_pieces(path, [&](std::string_view piece) { checksum.update(piece); });
  return checksum.hex();
}

}  // namespace ser::core
