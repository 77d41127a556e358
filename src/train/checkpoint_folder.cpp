#include <cerrno>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <new>
#include <sys/file.h>
#include <system_error>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/train/checkpoint.h"

namespace ser::train {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestCheckpoint = std::uint64_t{8} << 30;
constexpr std::uint64_t kLargestSettings = std::uint64_t{4} << 20;
constexpr const char* kLockName = "lock";
constexpr const char* kSettingsName = "settings.json";
constexpr const char* kEnding = ".checkpoint";
constexpr const char* kPrevious = ".previous";

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path path, const core::Json& settings, Start start,
                                   int every)
    : path_(std::move(path)), settings_(settings), start_(start), every_(every) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) {
    throw core::OutputError("E_OUTPUT_OPEN",
                            "cannot make the folder " + path_.string() + ": " + error.message());
  }
  lock();
  lock_name_.emplace((path_ / kLockName).c_str());
  name_.emplace(path_.c_str());
  if (is_empty()) return;
  if (start_ == Start::kNew) {
    throw core::ConfigError("E_OUTPUT_UNFINISHED",
                            "an earlier training was interrupted and left checkpoints in " +
                                path_.string() +
                                "; go on with --resume, or remove this folder to begin anew");
  }
  compare_settings();
}

void CheckpointFolder::lock() {
  const fs::path path = path_ / kLockName;
  lock_ = core::Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!lock_) {
    throw core::OutputError("E_OUTPUT_OPEN", "cannot write " + path.string() + ": " +
                                                 std::generic_category().message(errno));
  }
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) {
    throw core::OutputError("E_OUTPUT_LOCKED", "another training has locked " + path_.string() +
                                                   "; wait for its end, or name another --out");
  }
  locked_ = false;  // not every file system has locks
}

void CheckpointFolder::compare_settings() const {
  const fs::path path = path_ / kSettingsName;
  const auto earlier = core::parse_json(core::read_file(path, kLargestSettings), path.string());
  if (earlier == settings_) return;
  throw core::ConfigError("E_RESUME_SETTINGS",
                          "the checkpoints in " + path_.string() +
                              " are of another training: another recipe, corpus or protocol; "
                              "name another --out, or remove this folder");
}

// Before the first checkpoint: it is never without them.
void CheckpointFolder::write_settings() {
  core::AtomicFile file(path_ / kSettingsName);
  file.write(core::json_text(settings_));
  file.commit();
}

// Once removed, a folder of this name may be that of the next training.
CheckpointFolder::~CheckpointFolder() {
  try {
    if (!removed_ && is_empty()) remove();
  } catch (const std::bad_alloc&) {
    // An empty folder is left.
  }
}

bool CheckpointFolder::is_empty() const {
  std::error_code error;
  for (fs::directory_iterator entry(path_, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto ending = entry->path().extension();
    if (ending == kEnding || ending == kPrevious) return false;
  }
  return true;
}

// A fit may be named after anything.
fs::path CheckpointFolder::file(const std::string& fit) const {
  return path_ / (core::checksum64_hex(fit) + kEnding);
}

std::optional<FitState> CheckpointFolder::load(const std::string& fit) const {
  if (start_ == Start::kNew) return std::nullopt;
  const fs::path newest = file(fit);
  fs::path previous = newest;
  previous += kPrevious;
  std::exception_ptr damage;
  for (const auto& path : {newest, previous}) {
    std::error_code error;
    if (!fs::exists(path, error)) continue;
    try {
      return deserialize_fit_state(core::read_file(path, kLargestCheckpoint), fit, path.string());
    } catch (const core::ConfigError&) {
      if (!damage) damage = std::current_exception();
    }
  }
  if (damage) std::rethrow_exception(damage);
  return std::nullopt;
}

void CheckpointFolder::save(const std::string& fit, const FitState& state) {
  std::call_once(settings_written_, [&] { write_settings(); });
  const fs::path newest = file(fit);
  core::AtomicFile written(newest);
  written.write(serialize(state, fit));
  fs::path previous = newest;
  previous += kPrevious;
  // Where it ends between the two, the one before is whole and is found.
  if (::rename(newest.c_str(), previous.c_str()) != 0 && errno != ENOENT) {
    throw core::OutputError("E_OUTPUT_WRITE", "cannot rename " + newest.string() + ": " +
                                                  std::generic_category().message(errno));
  }
  written.commit();
}

// Its own files only, for the folder may have been somebody's; also those that kill -9 left half
// written under a temporary name.
void CheckpointFolder::remove() {
  lock_name_.reset();
  name_.reset();
  // The settings behind all that they are of: where it ends in the middle, what is left can be
  // resumed.
  std::error_code error;
  std::vector<fs::path> checkpoints;
  std::vector<fs::path> others;
  for (fs::directory_iterator entry(path_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.find(kEnding) != std::string::npos) {
      checkpoints.push_back(entry->path());
    } else if (name == kLockName || name.find(kSettingsName) != std::string::npos) {
      others.push_back(entry->path());
    }
  }
  std::error_code ignored;
  for (const auto& path : checkpoints) fs::remove(path, ignored);
  for (const auto& path : others) fs::remove(path, ignored);
  fs::remove(path_, ignored);
  removed_ = true;
}

}  // namespace ser::train
