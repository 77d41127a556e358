#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "audio/byte_source.h"

namespace ser::audio {

// The bytes of a regular file, read where they are wanted. Pipes, devices and folders are refused
// without waiting for them.
class FileBytes : public ByteSource {
 public:
  // Throws AudioError: E_AUDIO_MISSING, E_AUDIO_FORMAT (not a regular file), E_AUDIO_READ.
  explicit FileBytes(const std::filesystem::path& path);
  ~FileBytes() override;

  const std::filesystem::path& path() const override { return path_; }
  // When it was opened.
  std::uint64_t size() const override { return size_; }
  std::size_t read_at(std::uint64_t offset, std::span<unsigned char> bytes) const override;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace ser::audio
