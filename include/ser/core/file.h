#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ser/core/descriptor.h"

namespace ser::core {

// The bytes of a regular file of at most `limit` bytes. Throws ConfigError with code
// E_FILE_MISSING, E_FILE_TOO_LARGE or E_FILE_READ.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit);

// Hands the bytes of a regular file on, piece by piece, in bounded memory. Errors as read_file(),
// without a limit.
void read_file_pieces(const std::filesystem::path& path,
                      const std::function<void(std::string_view)>& consume);

// Tells the system that this file will soon be read, so that its bytes come from the disk while
// other work goes on. Only a hint: nothing happens where it cannot be opened.
void read_ahead(const std::filesystem::path& path) noexcept;

// While it lives, remove_temporary_files() removes the file of that name, or the folder if it is
// empty then; not where 64 are remembered already.
class TemporaryName {
 public:
  explicit TemporaryName(const char* path) noexcept;
  ~TemporaryName();
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

 private:
  std::optional<std::size_t> place_;
};

// A file that appears under its name whole or not at all: bytes go to a temporary file in the same
// folder; commit() flushes it to the disk and renames it. Constructing it proves that the folder
// can be written, so a program opens its outputs before expensive work. All failures are
// OutputError (E_OUTPUT_OPEN, E_OUTPUT_WRITE). Without commit() the temporary file is removed.
// Threads may have files of their own. Its rights are those that the umask gives to new files, as
// it is when the first of all is made.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  // Puts other bytes in the place of the first ones, for a header whose content is known only at
  // the end.
  void replace_start(std::string_view bytes);
  void commit();

  const std::filesystem::path& path() const { return path_; }

 private:
  friend void commit_together(std::span<AtomicFile* const> files);

  [[noreturn]] void fail(const std::string& what, int error_number) const;
  void flush();
  void give_name();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::optional<TemporaryName> remembered_;
  Descriptor descriptor_;
};

// Flushes all of them to the disk before the first is renamed, in their order: where there is no
// room for one, none appears.
void commit_together(std::span<AtomicFile* const> files);

// Removes the temporary files of files that are open, and what else is remembered. For a signal
// handler that ends the program at once: it is async-signal-safe, and the files cannot be committed
// afterwards.
void remove_temporary_files() noexcept;

}  // namespace ser::core
