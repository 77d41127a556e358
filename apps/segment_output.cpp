#include "segment_output.h"

#include <system_error>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/report/timeline.h"

namespace ser::apps {

namespace fs = std::filesystem;

SegmentOutput::SegmentOutput(const PredictionRequest& request, RowOutput& rows)
    : request_(request),
      format_(*report::find_segment_format(request.format)),
      rows_(rows),
      summary_(request.summary),
      picture_(request.picture) {
  if (rows_.resumed_from().is_null() && request.out_dir.empty()) rows_.write(format_.header());
}

bool SegmentOutput::has(const std::string& recording) const {
  std::error_code error;
  return request_.resume && !request_.out_dir.empty() && fs::exists(file_of(recording), error);
}

void SegmentOutput::write(const report::RecordingSegments& recording, const core::Json& note) {
  summary_.write(report::segment_summary(recording));
  if (++recordings_ == 1) {
    drawn_ = picture_ && recording.error_code.empty();
    if (drawn_) picture_.write(report::timeline_picture(recording));
  } else if (picture_) {
    throw core::ConfigError("E_USAGE", "--picture is for one recording");
  }
  if (request_.out_dir.empty()) {
    const bool holds_one = format_.holds == report::SegmentFormat::Holds::kOneRecording;
    if (recordings_ > 1 && holds_one) {
      throw core::ConfigError(
          "E_USAGE", std::string(format_.name) + " holds one recording; use --out-dir for several");
    }
    rows_.write(format_.recording(recording));
    // there is nothing to go on with in the middle of one
    if (!holds_one) rows_.checkpoint(note);
    return;
  }
  if (!recording.error_code.empty()) return;  // told, and without a file tried again
  const fs::path path = file_of(recording.path);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    throw core::OutputError(
        "E_OUTPUT_OPEN",
        "cannot make the folder " + path.parent_path().string() + ": " + error.message());
  }
  core::AtomicFile file(path);
  file.write(format_.header());
  file.write(format_.recording(recording));
  file.commit();
}

void SegmentOutput::finish() {
  rows_.finish();
  if (drawn_) {
    commit({&summary_, &picture_});
  } else {
    commit({&summary_});
  }
}

fs::path SegmentOutput::file_of(const std::string& recording) const {
  fs::path below = fs::path(recording).lexically_normal();
  if (!below.empty() && *below.begin() == "..") below = fs::absolute(below).lexically_normal();
  fs::path path = fs::path(request_.out_dir) / below.relative_path();
  path += ".";
  path += format_.ending;
  return path;
}

}  // namespace ser::apps
