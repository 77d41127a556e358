#include "fuzz/memory_file.h"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace ser::fuzz {
namespace {

class Folder {
 public:
  Folder() {
    const char* const given = std::getenv("TMPDIR");
    std::string name = std::string(given != nullptr ? given : "/tmp") + "/ser-fuzz.XXXXXX";
    require(::mkdtemp(name.data()) != nullptr, "there is no folder for temporary files");
    path_ = name;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

MemoryFile::MemoryFile() : descriptor_(::memfd_create("ser-fuzz", MFD_CLOEXEC)) {
  require(descriptor_ >= 0, "there is no file in memory");
  path_ = "/proc/self/fd/" + std::to_string(descriptor_);
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

void MemoryFile::hold(Bytes bytes) const {
  require(::ftruncate(descriptor_, static_cast<off_t>(bytes.size())) == 0, "ftruncate failed");
  const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), 0);
  require(written == static_cast<ssize_t>(bytes.size()), "pwrite failed");
}

const std::filesystem::path& scratch_folder() {
  static const Folder folder;
  return folder.path();
}

}  // namespace ser::fuzz
