#include "audio/file_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "audio/refusal.h"

namespace ser::audio {

FileBytes::FileBytes(const std::filesystem::path& path) : path_(path) {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  do {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) {
    const int error = errno;
    const bool missing = error == ENOENT || error == ENOTDIR;
    throw refusal(missing ? "E_AUDIO_MISSING" : "E_AUDIO_READ", path,
                  std::string("cannot be opened: ") + std::strerror(error));
  }
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(std::exchange(descriptor_, -1));
    throw refusal("E_AUDIO_FORMAT", path,
                  known && S_ISDIR(status.st_mode)
                      ? "is a folder; name a recording inside it"
                      : "is not a regular file; save the sound to a file first");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

FileBytes::~FileBytes() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t FileBytes::read_at(std::uint64_t offset, std::span<unsigned char> bytes) const {
  if (offset >= size_) return 0;
  // What is appended while the file is read does not belong to it.
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size_ - offset));
  std::size_t filled = 0;
  while (filled < wanted) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + filled, wanted - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw refusal("E_AUDIO_READ", path_,
                    "cannot be read at byte " + std::to_string(offset + filled) + ": " +
                        std::strerror(errno));
    }
    if (got == 0) {
      throw refusal("E_AUDIO_READ", path_, "became shorter while it was read; try again");
    }
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

}  // namespace ser::audio
