#include "ser/core/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "ser/core/error.h"

namespace ser::core {
namespace {

// Closes the descriptor when the reading is over, however it ends.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  std::string bytes;
  read_file_pieces(path, [&](std::string_view piece) {
    if (piece.size() > limit - bytes.size()) {
      throw ConfigError("E_FILE_TOO_LARGE", path.string() + " has more than the " +
                                                std::to_string(limit) + " bytes allowed for it");
    }
    bytes.append(piece);
  });
  return bytes;
}

void read_file_pieces(const std::filesystem::path& path,
                      const std::function<void(std::string_view)>& consume) {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.value < 0) {
    const int error_number = errno;
    throw ConfigError(error_number == ENOENT ? "E_FILE_MISSING" : "E_FILE_READ",
                      "cannot open " + path.string() + ": " + std::strerror(error_number));
  }
  struct stat status {};
  if (::fstat(file.value, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw ConfigError("E_FILE_READ", path.string() + " is not a regular file");
  }
  std::vector<char> buffer(64 * 1024);
  while (true) {
    const ssize_t got = ::read(file.value, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw ConfigError("E_FILE_READ",
                        "cannot read " + path.string() + ": " + std::strerror(errno));
    }
    if (got == 0) return;
    consume({buffer.data(), static_cast<std::size_t>(got)});
  }
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  if (std::error_code error; std::filesystem::is_directory(path_, error)) {
    throw OutputError("E_OUTPUT_OPEN",
                      "cannot write " + path_.string() + ": it is a folder; name a file");
  }
  auto folder = path_.parent_path();
  if (folder.empty()) folder = ".";
  std::string name = ".";
  name += path_.filename().string();
  name += ".XXXXXX";
  std::string pattern = (folder / name).string();
  descriptor_ = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail("cannot write", errno);
  temporary_ = pattern;
  // mkostemp makes files private; ours get the rights that the user's umask gives to new files.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(descriptor_, 0666 & ~mask);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& what, int error_number) const {
  throw OutputError(descriptor_ < 0 ? "E_OUTPUT_OPEN" : "E_OUTPUT_WRITE",
                    what + " " + path_.string() + ": " + std::strerror(error_number));
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void AtomicFile::replace_start(std::string_view bytes) {
  off_t position = 0;
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(descriptor_, bytes.data(), bytes.size(), position);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    position += put;
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail("cannot flush", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename to", errno);
  temporary_.clear();
  auto folder = path_.parent_path();
  if (folder.empty()) folder = ".";
  // The rename itself lasts only once the folder is on the disk. Some file systems cannot flush a
  // folder; then there is nothing more to do.
  const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.value >= 0) ::fsync(directory.value);
}

}  // namespace ser::core
