#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "ser/core/descriptor.h"
#include "ser/core/json.h"

namespace ser::core {

// A file that long work writes so that nothing is lost however the work ends, also by kill -9: what
// is written goes to PATH.partial; beside it PATH.partial.state holds the settings of the work and
// a line for each checkpoint, with its checksum. commit() flushes the partial file to the disk and
// gives it its name. Whoever resumes goes on at the last checkpoint that both files hold whole.
//
// While it is open, PATH.partial.state is locked (flock), so that no second program, also on
// another machine where the file system carries locks, writes the same output.
class ResumableFile {
 public:
  enum class Start { kNew, kResume };

  // Throws OutputError: E_OUTPUT_LOCKED (another program writes it), E_OUTPUT_OPEN. Throws
  // ConfigError: E_OUTPUT_UNFINISHED where an earlier run left checkpoints and Start is kNew, or a
  // partial file without its state; E_RESUME_SETTINGS where its settings (an object) were others.
  ResumableFile(std::filesystem::path path, const Json& settings, Start start);
  // Without a checkpoint nothing is worth keeping, and both files are removed.
  ~ResumableFile();
  ResumableFile(const ResumableFile&) = delete;
  ResumableFile& operator=(const ResumableFile&) = delete;

  static std::filesystem::path partial_path(const std::filesystem::path& path);
  // Whether an earlier run ended: the output is there and nothing is left to resume.
  static bool is_complete(const std::filesystem::path& path);

  // What was handed to the checkpoint that the work goes on from; null at the beginning.
  const Json& resumed_from() const { return resumed_from_; }
  // Whether the file system could lock it.
  bool locked() const { return locked_; }

  // Kept in memory until the next checkpoint or commit(). Both throw OutputError (E_OUTPUT_WRITE).
  void write(std::string_view bytes) { pending_ += bytes; }
  // What was written so far is whole; `note` (an object) says how far the work is.
  void checkpoint(const Json& note);
  void commit();

 private:
  void open_and_lock();
  // Finds the last checkpoint that both files hold whole, checks that it may be resumed, and cuts
  // off what lies behind it; without one, begins anew.
  void resume_or_begin(const Json& settings, Start start);
  void cut(const Descriptor& file, const std::filesystem::path& path, std::uint64_t bytes) const;
  void append(const Descriptor& file, const std::filesystem::path& path,
              std::string_view bytes) const;

  std::filesystem::path path_;
  std::filesystem::path partial_path_;
  std::filesystem::path state_path_;
  Descriptor partial_;
  Descriptor state_;
  bool locked_ = true;
  bool worth_keeping_ = false;
  std::uint64_t bytes_ = 0;  // of the partial file, up to the last checkpoint
  std::string pending_;
  Json resumed_from_;
};

}  // namespace ser::core
