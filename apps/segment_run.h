#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/block_pipeline.h"
#include "ser/core/error.h"
#include "ser/dataset/speech_windows.h"
#include "ser/model/segments.h"
#include "ser/report/segment_rows.h"

#include "prediction_summary.h"
#include "resumed_inputs.h"
#include "row_output.h"

namespace ser::apps {

// What a row stands for: a stretch with one label, or what each window hears beyond those before.
enum class SegmentRows { kSegments, kWindows };

struct SegmentRequest {
  dataset::WindowConfig window;
  model::SmoothingConfig smoothing;
  double threshold = 0.0;
  SegmentRows rows = SegmentRows::kSegments;
};

// With the label "unknown" below the threshold.
report::SegmentRow row_of(const model::Segment& segment, const model::Recogniser& recogniser,
                          double threshold);

// Where the segments of a recording go, and how far the run is then.
using OnSegments = std::function<void(const report::RecordingSegments&, const core::Json& note)>;

// Turns long recordings into segments, one recording after the other in the order in which they are
// added: while one is read, the windows that were found in it before are worked on. Memory grows
// neither with the number of recordings nor, but for some bytes a window, with their length.
class SegmentRun {
 public:
  // Goes on from where an earlier run was left (RowOutput::resumed_from()), and leaves out what is
  // done already.
  SegmentRun(const model::Recogniser& recogniser, const SegmentRequest& request, int jobs,
             const core::Json& resumed_from, std::function<bool(const std::string&)> is_done,
             OnSegments on_segments);

  void add(const std::string& path);
  // For an input that is no recording at all.
  void add_failure(const std::string& path, const core::Error& error);
  // Errors as those of PredictionRun.
  void finish();

  const PredictionSummary& summary() const { return summary_; }

 private:
  // The end of a recording behind the windows of a block.
  struct End {
    std::string path;
    dataset::HeardRecording heard;
    std::string error_code;
    std::string error;
    std::string inputs;  // checksum of all names up to this
  };
  struct Block {
    std::vector<dataset::SpeechWindow> windows;  // the first `count`; the memory is used again
    std::size_t count = 0;
    Eigen::MatrixXf probabilities;  // [classes x windows]
    std::optional<End> end;
  };

  void submit();
  void end_recording(End end);
  void hear(std::size_t slot, std::size_t item, int worker);
  void finish_block(std::size_t slot);
  report::RecordingSegments segments(const End& end) const;
  std::vector<model::Segment> rows(const End& end) const;

  const model::Recogniser& recogniser_;
  const SegmentRequest& request_;
  ResumedInputs resumed_;
  std::function<bool(const std::string&)> is_done_;
  OnSegments on_segments_;
  PredictionSummary summary_;
  std::vector<features::FeatureExtractor::Workspace> workspaces_;  // one a worker
  std::vector<model::WindowPlace> windows_;                        // of the present recording
  std::vector<float> probabilities_;                               // [classes x windows]
  std::vector<Block> blocks_;                                      // one a slot
  std::size_t slot_ = 0;                                           // that is being filled
  core::BlockPipeline pipeline_;                                   // last: its threads use the rest
};

}  // namespace ser::apps
