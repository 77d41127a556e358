#include "report/row_text.h"
#include "report/segment_formats.h"

// A label track, as Audacity imports it: start, end and text, tabs between.
namespace ser::report::audacity_segments {

std::string header() { return ""; }

std::string recording(const RecordingSegments& recording) {
  std::string labels;
  for (const auto& row : recording.rows) {
    labels += fixed(row.start_s, 6) + "\t" + fixed(row.end_s, 6) + "\t" + one_line(row.label) +
              " " + fixed(row.probability, 2) + "\n";
  }
  return labels;
}

}  // namespace ser::report::audacity_segments
