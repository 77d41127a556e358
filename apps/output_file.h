#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ser/core/file.h"

namespace ser::apps {

// Throws ConfigError (E_USAGE) where two of the files, each with what it is, are one, also through
// links. Empty names are left out.
void require_distinct_files(const std::vector<std::pair<std::string, std::string>>& files);

// A file that a program writes: opened at once, so that one that cannot be written is found before
// the work. Without a name there is none, and what is written goes nowhere.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);

  explicit operator bool() const { return file_.has_value(); }
  void write(std::string_view bytes);
  // write(), for whoever writes piece by piece.
  std::function<void(std::string_view)> sink();

 private:
  friend void commit(const std::vector<OutputFile*>& files);

  std::optional<core::AtomicFile> file_;
};

// All of them get their names, or, where one cannot be written to the end, none; and that is told.
void commit(const std::vector<OutputFile*>& files);

}  // namespace ser::apps
