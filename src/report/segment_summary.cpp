#include <map>

#include "ser/core/json.h"
#include "ser/report/segment_rows.h"

#include "report/row_text.h"

namespace ser::report {
namespace {

struct OfLabel {
  double speech_s = 0.0;
  const SegmentRow* surest = nullptr;
};

}  // namespace

std::string segment_summary(const RecordingSegments& recording) {
  core::Json json = {{"path", recording.path}};
  if (!recording.error_code.empty()) {
    json["error"] = {{"code", recording.error_code}, {"message", recording.error}};
  } else {
    std::map<std::string, OfLabel> labels;
    double speech_s = 0.0;
    std::size_t changes = 0;
    const SegmentRow* before = nullptr;
    for (const auto& row : recording.rows) {
      OfLabel& label = labels[row.label];
      const double of_row_s = row.speech_share * (row.end_s - row.start_s);
      label.speech_s += of_row_s;
      speech_s += of_row_s;
      if (label.surest == nullptr || row.probability > label.surest->probability) {
        label.surest = &row;
      }
      if (before != nullptr && before->label != row.label) ++changes;
      before = &row;
    }
    json["duration_s"] = rounded(recording.duration_s, 3);
    json["speech_s"] = rounded(speech_s, 3);
    json["segments"] = recording.rows.size();
    json["changes"] = changes;
    json["labels"] = core::Json::object();
    for (const auto& [name, label] : labels) {
      json["labels"][name] = {{"share", rounded(label.speech_s / speech_s, 4)},
                              {"surest",
                               {{"start_s", rounded(label.surest->start_s, 3)},
                                {"end_s", rounded(label.surest->end_s, 3)},
                                {"probability", rounded(label.surest->probability, 4)}}}};
    }
  }
  return core::json_text(json) + "\n";
}

}  // namespace ser::report
