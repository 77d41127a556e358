#include <algorithm>

#include "report/row_text.h"
#include "report/segment_formats.h"

// Rich Transcription Time Marked (NIST RT-09 evaluation plan, appendix A): SPEAKER lines, in which
// the emotion stands in the place of the speaker's name, so that tools for diarisation read them.
namespace ser::report::rttm_segments {
namespace {

// A field ends at a space.
std::string field(std::string_view text) {
  std::string out = one_line(text);
  std::ranges::replace(out, ' ', '_');
  return out.empty() ? "<NA>" : out;
}

}  // namespace

std::string header() { return ""; }

std::string recording(const RecordingSegments& recording) {
  if (!recording.error_code.empty()) {
    return ";; " + field(recording.path) + " " + recording.error_code + " " +
           one_line(recording.error) + "\n";
  }
  std::string lines;
  for (const auto& row : recording.rows) {
    lines += "SPEAKER " + field(recording.path) + " 1 " + fixed(row.start_s, 3) + " " +
             fixed(row.end_s - row.start_s, 3) + " <NA> <NA> " + field(row.label) + " " +
             fixed(row.probability, 4) + " <NA>\n";
  }
  return lines;
}

}  // namespace ser::report::rttm_segments
