#include "row_output.h"

#include <spdlog/spdlog.h>

#include "app_main.h"

namespace ser::apps {

RowOutput::RowOutput(const std::string& path, const core::Json& settings,
                     core::ResumableFile::Start start) {
  if (path.empty()) return;
  file_.emplace(path, settings, start);
  if (!file_->locked()) {
    spdlog::warn("this file system has no locks: see to it that no other run writes {}", path);
  }
}

const core::Json& RowOutput::resumed_from() const {
  return file_ ? file_->resumed_from() : beginning_;
}

void RowOutput::write(std::string_view text) {
  if (file_) {
    file_->write(text);
  } else {
    print(text);
  }
}

void RowOutput::checkpoint(const core::Json& note) {
  if (file_) {
    file_->checkpoint(note);
  } else {
    flush_output();
  }
}

void RowOutput::finish() {
  if (file_) {
    file_->commit();
  } else {
    flush_output();
  }
}

}  // namespace ser::apps
