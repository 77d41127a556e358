#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ser::report {

// A stretch of a recording and what was heard in it.
struct SegmentRow {
  double start_s = 0.0;
  double end_s = 0.0;
  std::string label;
  double probability = 0.0;
  double speech_share = 0.0;  // of the stretch
};

// What became of a long recording: rows in order, none where there is no speech, or an error.
struct RecordingSegments {
  std::string path;
  double duration_s = 0.0;
  std::vector<SegmentRow> rows;
  std::string error_code;  // "E_AUDIO_..."; empty if there was none
  std::string error;
  std::size_t rows_before = 0;  // of it, written already: those of a stream come one by one
};

// A way to write segments: one file of segment_formats/, one line of segment_formats.def.
struct SegmentFormat {
  std::string_view name;    // as users write it
  std::string_view ending;  // of the names of its files
  // Whether one file may hold several recordings.
  enum class Holds { kManyRecordings, kOneRecording } holds;
  std::string (*header)();
  // All rows of a recording. Paths and labels are untrusted text.
  std::string (*recording)(const RecordingSegments&);
};

std::span<const SegmentFormat> segment_formats();
// Null for a name that there is not.
const SegmentFormat* find_segment_format(std::string_view name);

// A JSON line about a recording: how long it is and how much of it is speech; of each label the
// share of the speech, and where it is surest; how often the label changes.
std::string segment_summary(const RecordingSegments& recording);

}  // namespace ser::report
