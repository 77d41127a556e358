#include "ser/core/json.h"
#include "ser/report/prediction_rows.h"

#include "report/row_text.h"
#include "report/segment_formats.h"

namespace ser::report::jsonl_segments {
namespace {

std::string line(const core::Json& json) { return core::json_text(json) + "\n"; }

}  // namespace

std::string header() { return ""; }

std::string recording(const RecordingSegments& recording) {
  if (!recording.error_code.empty()) {
    return line({{"path", recording.path},
                 {"error", {{"code", recording.error_code}, {"message", recording.error}}}});
  }
  std::string lines;
  for (const auto& row : recording.rows) {
    lines += line({{"path", recording.path},
                   {"start_s", rounded(row.start_s, 3)},
                   {"end_s", rounded(row.end_s, 3)},
                   {"label", row.label},
                   {"probability", rounded(row.probability, 4)},
                   {"speech_share", rounded(row.speech_share, 3)}});
  }
  if (!recording.rows.empty()) return lines;
  return line({{"path", recording.path},
               {"start_s", 0.0},
               {"end_s", rounded(recording.duration_s, 3)},
               {"label", kNoSpeech},
               {"probability", nullptr},
               {"speech_share", 0.0}});
}

}  // namespace ser::report::jsonl_segments
