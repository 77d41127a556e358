#pragma once

#include "ser/report/picture.h"
#include "ser/report/segment_rows.h"

namespace ser::report {

// The labels of a long recording over time, how sure they are, and the share of each; bounded,
// however long it is. Its path and labels may be any bytes.
Picture timeline_picture(const RecordingSegments& recording);

}  // namespace ser::report
