#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ser/core/json.h"
#include "ser/core/resumable_file.h"

namespace ser::apps {

// Where rows go: to a file that can be resumed, or, without a name, to standard output.
class RowOutput {
 public:
  // Throws as core::ResumableFile does.
  RowOutput(const std::string& path, const core::Json& settings, core::ResumableFile::Start start);

  // How far an earlier run came; null at the beginning.
  const core::Json& resumed_from() const;

  void write(std::string_view text);
  // Those rows are whole: they are handed on, and where it is a file, `note` is kept beside them.
  void checkpoint(const core::Json& note);
  // No rows follow.
  void finish();

 private:
  std::optional<core::ResumableFile> file_;
  core::Json beginning_;
};

}  // namespace ser::apps
