#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace ser::audio {

// The bytes of a regular file, read where they are wanted. Pipes, devices and folders are refused
// without waiting for them.
class FileBytes {
 public:
  // Throws AudioError: E_AUDIO_MISSING, E_AUDIO_FORMAT (not a regular file), E_AUDIO_READ.
  explicit FileBytes(const std::filesystem::path& path);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // When it was opened.
  std::uint64_t size() const { return size_; }

  // Fills `bytes` from `offset` on and returns how many were read: fewer than asked only at the end
  // of the file. Throws AudioError (E_AUDIO_READ).
  std::size_t read_at(std::uint64_t offset, std::span<unsigned char> bytes) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace ser::audio
