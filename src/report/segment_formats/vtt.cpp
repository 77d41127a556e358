#include "report/row_text.h"
#include "report/segment_formats.h"

// WebVTT (W3C, 2019).
namespace ser::report::vtt_segments {
namespace {

std::string cue_text(std::string_view text) {
  std::string out;
  for (const char c : one_line(text)) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return out;
}

}  // namespace

std::string header() { return "WEBVTT\n"; }

std::string recording(const RecordingSegments& recording) {
  if (!recording.error_code.empty()) {
    return "\nNOTE error " + recording.error_code + " " + cue_text(recording.error) + "\n";
  }
  std::string cues;
  for (const auto& row : recording.rows) {
    cues += "\n" + subtitle_time(row.start_s, '.') + " --> " + subtitle_time(row.end_s, '.') +
            "\n" + cue_text(row.label) + " " + fixed(row.probability, 2) + "\n";
  }
  return cues;
}

}  // namespace ser::report::vtt_segments
