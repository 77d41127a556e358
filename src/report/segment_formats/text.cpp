#include "ser/report/prediction_rows.h"

#include "report/row_text.h"
#include "report/segment_formats.h"

namespace ser::report::text_segments {

std::string header() { return ""; }

std::string recording(const RecordingSegments& recording) {
  const std::string path = one_line(recording.path);
  if (!recording.error_code.empty()) {
    return path + "\terror\t" + recording.error_code + "\t" + one_line(recording.error) + "\n";
  }
  std::string lines;
  for (const auto& row : recording.rows) {
    lines += path + "\t" + fixed(row.start_s, 3) + "\t" + fixed(row.end_s, 3) + "\t" +
             one_line(row.label) + "\t" + fixed(row.probability, 4) + "\t" +
             fixed(row.speech_share, 3) + "\n";
  }
  if (!recording.rows.empty()) return lines;
  return path + "\t0.000\t" + fixed(recording.duration_s, 3) + "\t" + std::string(kNoSpeech) +
         "\t\t0.000\n";
}

}  // namespace ser::report::text_segments
