#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ser/audio/sound_stream.h"
#include "ser/core/error.h"
#include "ser/dataset/speech_windows.h"
#include "ser/model/segments.h"
#include "ser/report/segment_rows.h"

#include "prediction_summary.h"
#include "segment_run.h"

namespace ser::apps {

// Turns a recording that comes byte by byte into rows, each printed as soon as it is known, in
// memory that does not grow. A label is that in which the most probable path up to its window ends:
// what comes later changes none.
class StreamRun {
 public:
  StreamRun(const model::Recogniser& recogniser, const SegmentRequest& request,
            const report::SegmentFormat& format, const std::optional<audio::RawFormat>& raw);

  // Throws AudioError for what is no sound, OutputError where a row cannot be printed.
  void push(std::span<const unsigned char> bytes);
  // The recording ends here.
  void finish();
  // It ends here with an error, which is its last row.
  void fail(const core::AudioError& error);

  const PredictionSummary& summary() const { return summary_; }
  // Tells on standard error how much was heard and how long it took.
  void tell() const;

 private:
  using Clock = std::chrono::steady_clock;

  void end_sound();
  void hear(const dataset::SpeechWindow& window);
  void print_row(const model::Segment& segment);
  report::RecordingSegments recording() const;

  const model::Recogniser& recogniser_;
  const SegmentRequest& request_;
  const report::SegmentFormat& format_;
  audio::SoundStream sound_;
  bool format_told_ = false;
  model::LabelPaths paths_;
  model::SegmentBuilder segments_;
  dataset::SpeechWindows windows_;
  features::FeatureExtractor::Workspace workspace_;
  std::uint64_t rows_ = 0;
  std::uint64_t known_ = 0;           // rows whose label is not "unknown"
  std::optional<double> duration_s_;  // once all is heard
  PredictionSummary summary_;
  std::uint64_t num_windows_ = 0;
  Clock::duration work_{};
  Clock::duration longest_{};  // of a window
};

}  // namespace ser::apps
