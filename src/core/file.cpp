#include "ser/core/file.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "ser/core/error.h"

namespace ser::core {
namespace {

// Bytes asked for in advance: ten seconds of most recordings.
constexpr off_t kReadAhead = off_t{1} << 20;

// The names that are remembered. Whoever takes a name out of its place owns it, so that a
// signal handler and the file itself never both do.
std::array<std::atomic<char*>, 64> temporary_names{};
static_assert(std::atomic<char*>::is_always_lock_free, "they are read in a signal handler");

// Can be read only by setting it, for all threads: done once, so that no thread finds the mask
// that another has set for a moment.
mode_t users_mask() {
  static const mode_t mask = [] {
    const mode_t found = ::umask(0);
    ::umask(found);
    return found;
  }();
  return mask;
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  std::string bytes;
  std::error_code unknown_size;
  const auto size = std::filesystem::file_size(path, unknown_size);
  // in one piece, rather than in ever larger ones that are copied
  if (!unknown_size && size <= limit) bytes.reserve(static_cast<std::size_t>(size));
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
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    const int error_number = errno;
    throw ConfigError(error_number == ENOENT ? "E_FILE_MISSING" : "E_FILE_READ",
                      "cannot open " + path.string() + ": " + std::strerror(error_number));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw ConfigError("E_FILE_READ", path.string() + " is not a regular file");
  }
  std::vector<char> buffer(std::size_t{64} * 1024);
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw ConfigError("E_FILE_READ",
                        "cannot read " + path.string() + ": " + std::strerror(errno));
    }
    if (got == 0) return;
    consume({buffer.data(), static_cast<std::size_t>(got)});
  }
}

void read_ahead(const std::filesystem::path& path) noexcept {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file) ::posix_fadvise(file.get(), 0, kReadAhead, POSIX_FADV_WILLNEED);
}

TemporaryName::TemporaryName(const char* path) noexcept {
  char* name = ::strdup(path);
  for (std::size_t i = 0; name != nullptr && i < temporary_names.size(); ++i) {
    char* nobody = nullptr;
    if (!temporary_names[i].compare_exchange_strong(nobody, name)) continue;
    place_ = i;
    return;
  }
  std::free(name);
}

TemporaryName::~TemporaryName() {
  if (place_) std::free(temporary_names[*place_].exchange(nullptr));
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
  descriptor_ = Descriptor(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!descriptor_) fail("cannot write", errno);
  temporary_ = std::move(pattern);  // asks for no memory: the file would be left behind
  remembered_.emplace(temporary_.c_str());
  // mkostemp makes files private; ours get the rights that the user's umask gives to new files.
  ::fchmod(descriptor_.get(), 0666 & ~users_mask());
}

AtomicFile::~AtomicFile() {
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& what, int error_number) const {
  throw OutputError(descriptor_ ? "E_OUTPUT_WRITE" : "E_OUTPUT_OPEN",
                    what + " " + path_.string() + ": " + std::strerror(error_number));
}

void AtomicFile::write(std::string_view bytes) {
  if (const int error_number = descriptor_.write(bytes)) fail("cannot write", error_number);
}

void AtomicFile::replace_start(std::string_view bytes) {
  off_t position = 0;
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), position);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    position += put;
  }
}

void AtomicFile::commit() {
  flush();
  give_name();
}

void AtomicFile::flush() {
  if (const int error_number = descriptor_.sync()) fail("cannot flush", error_number);
}

void AtomicFile::give_name() {
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename to", errno);
  remembered_.reset();
  temporary_.clear();
  sync_folder_of(path_);
}

void commit_together(std::span<AtomicFile* const> files) {
  for (AtomicFile* const file : files) file->flush();
  for (AtomicFile* const file : files) file->give_name();
}

void remove_temporary_files() noexcept {
  // Names are not given back: free() is not for signal handlers, and the program ends.
  std::array<const char*, temporary_names.size()> folders{};
  std::size_t found = 0;
  for (auto& place : temporary_names) {
    const char* name = place.exchange(nullptr);
    if (name != nullptr && ::unlink(name) != 0 && errno == EISDIR) folders[found++] = name;
  }
  while (found > 0) ::rmdir(folders[--found]);
}

}  // namespace ser::core
