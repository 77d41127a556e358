#include "report/row_text.h"
#include "report/segment_formats.h"

// SubRip: numbered, with a comma before the milliseconds.
namespace ser::report::srt_segments {

std::string header() { return ""; }

std::string recording(const RecordingSegments& recording) {
  std::string titles;
  std::size_t number = recording.rows_before;
  for (const auto& row : recording.rows) {
    titles += std::to_string(++number) + "\n" + subtitle_time(row.start_s, ',') + " --> " +
              subtitle_time(row.end_s, ',') + "\n" + one_line(row.label) + " " +
              fixed(row.probability, 2) + "\n\n";
  }
  return titles;
}

}  // namespace ser::report::srt_segments
