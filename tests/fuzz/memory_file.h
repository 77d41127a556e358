#pragma once

#include <filesystem>

#include "fuzz/readers.h"

namespace ser::fuzz {

// A file without a disk (memfd_create) for readers that take paths.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void hold(Bytes bytes) const;

 private:
  int descriptor_;
  std::filesystem::path path_;
};

// An empty folder, in memory if there is one, that is removed when the program ends as it should.
const std::filesystem::path& scratch_folder();

}  // namespace ser::fuzz
