#pragma once

#include "ser/report/segment_rows.h"

// What every file of segment_formats/ defines.
#define SER_SEGMENT_FORMAT(name, holds, ending)      \
  namespace ser::report::name##_segments {           \
    std::string header();                            \
    std::string recording(const RecordingSegments&); \
  }
#include "report/segment_formats.def"
#undef SER_SEGMENT_FORMAT

namespace ser::report {

// "00:01:02.500", as subtitles have it; `point` stands before the milliseconds.
std::string subtitle_time(double time_s, char point);

}  // namespace ser::report
