#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>

namespace ser::audio {

// Bytes that are read where they are wanted: those of a file (audio/file_bytes.h), or some in
// memory.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Where they come from, for messages.
  virtual const std::filesystem::path& path() const = 0;
  virtual std::uint64_t size() const = 0;
  // Fills `bytes` from `offset` on and returns how many were read: fewer than asked only at the
  // end. Throws AudioError (E_AUDIO_READ).
  virtual std::size_t read_at(std::uint64_t offset, std::span<unsigned char> bytes) const = 0;

 protected:
  ByteSource() = default;
};

// The bytes must outlive it, and the path too.
class MemoryBytes : public ByteSource {
 public:
  MemoryBytes(const std::filesystem::path& path, std::span<const unsigned char> bytes)
      : path_(path), bytes_(bytes) {}

  const std::filesystem::path& path() const override { return path_; }
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<unsigned char> bytes) const override {
    if (offset >= bytes_.size()) return 0;
    const auto behind = bytes_.subspan(static_cast<std::size_t>(offset));
    const auto some = behind.first(std::min(behind.size(), bytes.size()));
    std::ranges::copy(some, bytes.begin());
    return some.size();
  }

 private:
  const std::filesystem::path& path_;
  std::span<const unsigned char> bytes_;
};

}  // namespace ser::audio
