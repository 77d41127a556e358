#include "ser/core/resumable_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/file.h"

namespace ser::core {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

[[noreturn]] void fail(const char* code, const char* what, const std::filesystem::path& path,
                       int error_number) {
  throw OutputError(code,
                    std::string(what) + " " + path.string() + ": " + std::strerror(error_number));
}

std::filesystem::path with_ending(std::filesystem::path path, const char* ending) {
  path += ending;
  return path;
}

// Calls take(line, the bytes of the file up to its end) for each whole line until that returns
// false. A last line without its end was cut off.
void for_each_line(const std::filesystem::path& path,
                   const std::function<bool(std::string_view, std::uint64_t)>& take) {
  std::string line;
  std::uint64_t end = 0;
  bool going_on = true;
  read_file_pieces(path, [&](std::string_view piece) {
    while (going_on && !piece.empty()) {
      const std::size_t length = piece.find('\n');
      line += piece.substr(0, length);
      if (line.size() > kLongestLine) going_on = false;
      if (length == std::string_view::npos) return;
      piece.remove_prefix(length + 1);
      end += line.size() + 1;
      going_on = going_on && take(line, end);
      line.clear();
    }
  });
}

// The first difference between two objects, as text for people.
std::string difference(const Json& now, const Json& then) {
  const auto shown = [](const Json& object, const std::string& key) {
    const auto found = object.find(key);
    return found == object.end() ? "nothing" : found->dump();
  };
  for (const Json* settings : {&now, &then}) {
    for (const auto& [key, value] : settings->items()) {
      if (shown(now, key) == shown(then, key)) continue;
      return key + " was " + shown(then, key) + " and is now " + shown(now, key);
    }
  }
  return "they were written in another order";
}

// A line of the state file behind the first.
struct Checkpoint {
  std::uint64_t bytes = 0;  // of the partial file
  std::string checksum;     // of those since the checkpoint before
  Json note;
};

std::optional<Json> read_object(std::string_view line) {
  try {
    Json json = parse_json(line, "state");
    if (json.is_object()) return json;
  } catch (const ConfigError&) {  // damaged: nothing from here on is trusted
  }
  return std::nullopt;
}

std::optional<Checkpoint> read_checkpoint(std::string_view line) {
  const auto json = read_object(line);
  if (!json || !json->contains("bytes") || !(*json)["bytes"].is_number_unsigned() ||
      !json->contains("checksum") || !(*json)["checksum"].is_string() || !json->contains("note") ||
      !(*json)["note"].is_object()) {
    return std::nullopt;
  }
  return Checkpoint{(*json)["bytes"].get<std::uint64_t>(), (*json)["checksum"].get<std::string>(),
                    (*json)["note"]};
}

// Whether the file holds, from `begin` on, bytes of this checksum up to the checkpoint's end.
bool holds(const Descriptor& file, std::uint64_t begin, const Checkpoint& checkpoint) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || checkpoint.bytes < begin ||
      checkpoint.bytes > static_cast<std::uint64_t>(status.st_size)) {
    return false;
  }
  RunningChecksum checksum;
  std::string buffer(std::size_t{64} * 1024, '\0');
  while (begin < checkpoint.bytes) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), checkpoint.bytes - begin));
    const ssize_t got = ::pread(file.get(), buffer.data(), wanted, static_cast<off_t>(begin));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    checksum.update({buffer.data(), static_cast<std::size_t>(got)});
    begin += static_cast<std::uint64_t>(got);
  }
  return checksum.hex() == checkpoint.checksum;
}

}  // namespace

std::filesystem::path ResumableFile::partial_path(const std::filesystem::path& path) {
  return with_ending(path, ".partial");
}

bool ResumableFile::is_complete(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) &&
         !std::filesystem::exists(partial_path(path), error);
}

ResumableFile::ResumableFile(std::filesystem::path path, const Json& settings, Start start)
    : path_(std::move(path)),
      partial_path_(partial_path(path_)),
      state_path_(with_ending(partial_path_, ".state")) {
  std::error_code error;
  if (const auto status = std::filesystem::status(path_, error);
      std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw OutputError("E_OUTPUT_OPEN", "cannot write " + path_.string() +
                                           ": it is a folder or a device; name a file, or leave "
                                           "it out to write to standard output");
  }
  open_and_lock();
  resume_or_begin(settings, start);
}

ResumableFile::~ResumableFile() {
  if (!partial_ || worth_keeping_) return;
  ::unlink(partial_path_.c_str());
  ::unlink(state_path_.c_str());
}

void ResumableFile::open_and_lock() {
  while (true) {
    state_ = Descriptor(::open(state_path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!state_) fail("E_OUTPUT_OPEN", "cannot write", state_path_, errno);
    if (::flock(state_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        throw OutputError("E_OUTPUT_LOCKED", "another program is writing " + path_.string() +
                                                 "; wait for its end, or name another output");
      }
      locked_ = false;  // not every file system has locks
      break;
    }
    // Another run may have ended between the two calls: then what was locked has no name any more.
    struct stat named {};
    struct stat opened {};
    if (::stat(state_path_.c_str(), &named) == 0 && ::fstat(state_.get(), &opened) == 0 &&
        named.st_ino == opened.st_ino && named.st_dev == opened.st_dev) {
      break;
    }
  }
  partial_ =
      Descriptor(::open(partial_path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!partial_) {
    const int error_number = errno;
    ::unlink(state_path_.c_str());
    fail("E_OUTPUT_OPEN", "cannot write", partial_path_, error_number);
  }
}

void ResumableFile::resume_or_begin(const Json& settings, Start start) {
  std::optional<Json> settings_then;
  std::uint64_t state_bytes = 0;
  for_each_line(state_path_, [&](std::string_view line, std::uint64_t end) {
    if (!settings_then) {
      settings_then = read_object(line);
      return settings_then.has_value();
    }
    auto checkpoint = read_checkpoint(line);
    if (!checkpoint || !holds(partial_, bytes_, *checkpoint)) return false;
    bytes_ = checkpoint->bytes;
    resumed_from_ = std::move(checkpoint->note);
    state_bytes = end;
    return true;
  });
  worth_keeping_ = state_bytes > 0;
  if (!settings_then && std::filesystem::file_size(partial_path_) > 0) {
    ::unlink(state_path_.c_str());
    throw ConfigError("E_OUTPUT_UNFINISHED",
                      partial_path_.string() +
                          " is there, but no state beside it that says how far it is; remove it, "
                          "or name another output");
  }
  if (!worth_keeping_) {
    cut(partial_, partial_path_, 0);
    cut(state_, state_path_, 0);
    append(state_, state_path_, json_text(settings) + "\n");
    return;
  }
  if (start == Start::kNew) {
    throw ConfigError("E_OUTPUT_UNFINISHED",
                      partial_path_.string() +
                          " holds what an earlier run got done: go on with --resume, or remove it "
                          "to begin anew");
  }
  if (*settings_then != settings) {
    throw ConfigError("E_RESUME_SETTINGS",
                      "cannot resume " + partial_path_.string() + ": " +
                          difference(settings, *settings_then) +
                          "; use the settings of before, or remove it to begin anew");
  }
  cut(partial_, partial_path_, bytes_);
  cut(state_, state_path_, state_bytes);
}

void ResumableFile::checkpoint(const Json& note) {
  append(partial_, partial_path_, pending_);
  bytes_ += pending_.size();
  const Json line = {{"bytes", bytes_}, {"checksum", checksum64_hex(pending_)}, {"note", note}};
  append(state_, state_path_, json_text(line) + "\n");
  pending_.clear();
  worth_keeping_ = true;
}

void ResumableFile::commit() {
  append(partial_, partial_path_, pending_);
  pending_.clear();
  if (const int error_number = partial_.sync()) {
    fail("E_OUTPUT_WRITE", "cannot flush", partial_path_, error_number);
  }
  if (::rename(partial_path_.c_str(), path_.c_str()) != 0) {
    fail("E_OUTPUT_WRITE", "cannot rename to", path_, errno);
  }
  sync_folder_of(path_);
  ::unlink(state_path_.c_str());
  worth_keeping_ = true;
}

void ResumableFile::cut(const Descriptor& file, const std::filesystem::path& path,
                        std::uint64_t bytes) const {
  if (::ftruncate(file.get(), static_cast<off_t>(bytes)) != 0) {
    fail("E_OUTPUT_WRITE", "cannot cut", path, errno);
  }
}

void ResumableFile::append(const Descriptor& file, const std::filesystem::path& path,
                           std::string_view bytes) const {
  if (const int error_number = file.write(bytes)) {
    fail("E_OUTPUT_WRITE", "cannot write", path, error_number);
  }
}

}  // namespace ser::core
