#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ser/core/json.h"
#include "ser/report/segment_rows.h"

#include "output_file.h"
#include "picture_file.h"
#include "prediction_request.h"
#include "row_output.h"

namespace ser::apps {

// Where the segments of recordings go: all to one output, or each to a file of its own; and their
// summaries and the picture of one to others.
class SegmentOutput {
 public:
  SegmentOutput(const PredictionRequest& request, RowOutput& rows);

  // Whether the recording has its file already, and needs none.
  bool has(const std::string& recording) const;
  // Throws ConfigError (E_USAGE) for a second recording where the format, or the picture, holds
  // but one.
  void write(const report::RecordingSegments& recording, const core::Json& note);
  void finish();

 private:
  std::filesystem::path file_of(const std::string& recording) const;

  const PredictionRequest& request_;
  const report::SegmentFormat& format_;
  RowOutput& rows_;
  OutputFile summary_;
  PictureFile picture_;
  bool drawn_ = false;
  std::size_t recordings_ = 0;
};

}  // namespace ser::apps
