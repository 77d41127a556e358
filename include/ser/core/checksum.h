#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ser::core {

// XXH3, 64 bits: finds accidental damage and tells contents apart; it is not a cryptographic hash.
std::uint64_t checksum64(std::string_view bytes, std::uint64_t seed = 0);

// The same as 16 lower-case hexadecimal digits.
std::string checksum64_hex(std::string_view bytes);

// The same of bytes that come piece by piece; how they are cut does not matter.
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(const RunningChecksum&) = delete;
  RunningChecksum& operator=(const RunningChecksum&) = delete;

  void update(std::string_view bytes);
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same of a regular file's content, read piece by piece. Throws ConfigError (E_FILE_MISSING,
// E_FILE_READ).
std::string checksum64_file_hex(const std::filesystem::path& path);

}  // namespace ser::core
