#include "report/csv.h"

#include "ser/report/prediction_rows.h"

#include "report/row_text.h"
#include "report/segment_formats.h"

namespace ser::report::csv_segments {

std::string header() {
  return "path,start_s,end_s,label,probability,speech_share,error_code,error\r\n";
}

std::string recording(const RecordingSegments& recording) {
  const std::string path = csv_field(recording.path);
  if (!recording.error_code.empty()) {
    return path + ",,,,,," + recording.error_code + "," + csv_field(recording.error) + "\r\n";
  }
  std::string lines;
  for (const auto& row : recording.rows) {
    lines += path + "," + fixed(row.start_s, 3) + "," + fixed(row.end_s, 3) + "," +
             csv_field(row.label) + "," + fixed(row.probability, 4) + "," +
             fixed(row.speech_share, 3) + ",,\r\n";
  }
  if (!recording.rows.empty()) return lines;
  return path + ",0.000," + fixed(recording.duration_s, 3) + "," + std::string(kNoSpeech) +
         ",,0.000,,\r\n";
}

}  // namespace ser::report::csv_segments
