#include "segment_run.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "ser/core/interrupted.h"
#include "ser/report/prediction_rows.h"

#include "app_main.h"

namespace ser::apps {
namespace {

// Windows that are handed to the workers together, with the end of their recording.
constexpr std::size_t kSegmentBlock = 8;
constexpr std::size_t kSegmentSlots = 4;

}  // namespace

report::SegmentRow row_of(const model::Segment& segment, const model::Recogniser& recogniser,
                          double threshold) {
  return {segment.start_s, segment.end_s,
          segment.probability < threshold ? std::string(report::kUnknown)
                                          : recogniser.classes()[segment.label],
          segment.probability, segment.speech_share()};
}

SegmentRun::SegmentRun(const model::Recogniser& recogniser, const SegmentRequest& request, int jobs,
                       const core::Json& resumed_from,
                       std::function<bool(const std::string&)> is_done, OnSegments on_segments)
    : recogniser_(recogniser),
      request_(request),
      resumed_(resumed_from),
      is_done_(std::move(is_done)),
      on_segments_(std::move(on_segments)),
      workspaces_(static_cast<std::size_t>(jobs)),
      blocks_(kSegmentSlots + static_cast<std::size_t>(jobs) / kSegmentBlock),
      pipeline_(
          jobs, blocks_.size(),
          {[this](std::size_t slot, std::size_t item, int worker) { hear(slot, item, worker); },
           [](std::size_t, int) {}, [this](std::size_t slot) { finish_block(slot); }}) {
  summary_.resume(resumed_from);
}

void SegmentRun::add(const std::string& path) {
  if (stop_requested()) throw core::Interrupted();
  if (resumed_.pass_over(path) || is_done_(path)) return;
  End end;
  end.path = path;
  try {
    end.heard = dataset::for_each_speech_window(
        path, request_.window,
        [this](const dataset::SpeechWindow& window) {
          Block& block = blocks_[slot_];
          block.windows.resize(kSegmentBlock);
          block.windows[block.count++] = window;
          if (block.count == kSegmentBlock) submit();
        },
        stop_requested);
  } catch (const core::AudioError& error) {
    end.error_code = error.code();
    end.error = error.what();
  }
  end_recording(std::move(end));
}

void SegmentRun::add_failure(const std::string& path, const core::Error& error) {
  if (stop_requested()) throw core::Interrupted();
  if (resumed_.pass_over(path)) return;
  End end;
  end.path = path;
  end.error_code = error.code();
  end.error = error.what();
  end_recording(std::move(end));
}

void SegmentRun::end_recording(End end) {
  end.inputs = resumed_.checksum();
  blocks_[slot_].end = std::move(end);
  submit();
}

void SegmentRun::submit() {
  Block& block = blocks_[slot_];
  block.probabilities.resize(static_cast<Eigen::Index>(recogniser_.classes().size()),
                             static_cast<Eigen::Index>(block.count));
  // a block that has but the end of a recording needs one step to get through
  pipeline_.submit(std::max<std::size_t>(1, block.count));
  slot_ = pipeline_.next_slot();
}

void SegmentRun::finish() {
  if (stop_requested()) throw core::Interrupted();
  resumed_.finish();
  pipeline_.drain();
}

void SegmentRun::hear(std::size_t slot, std::size_t item, int worker) {
  if (stop_requested()) throw core::Interrupted();
  Block& block = blocks_[slot];
  if (block.count == 0) return;
  block.probabilities.col(static_cast<Eigen::Index>(item)) = model::probabilities_of(
      recogniser_, block.windows[item], workspaces_[static_cast<std::size_t>(worker)]);
}

void SegmentRun::finish_block(std::size_t slot) {
  Block& block = blocks_[slot];
  for (std::size_t i = 0; i < block.count; ++i) {
    const auto& window = block.windows[i];
    windows_.push_back(window);
    const auto of_window = block.probabilities.col(static_cast<Eigen::Index>(i));
    // all in one piece: small ones among the matrices of the features would scatter the memory
    probabilities_.insert(probabilities_.end(), of_window.begin(), of_window.end());
  }
  block.count = 0;
  if (!block.end) return;
  const report::RecordingSegments recording = segments(*block.end);
  for (const auto& warning : block.end->heard.warnings) {
    spdlog::warn("{}: {}", recording.path, warning);
  }
  using Outcome = PredictionSummary::Outcome;
  if (!recording.error_code.empty()) {
    spdlog::warn("{} {}", recording.error_code, recording.error);
    summary_.add_failure(recording.error_code);
  } else {
    const bool unsure = std::ranges::all_of(
        recording.rows, [](const auto& row) { return row.label == report::kUnknown; });
    summary_.add(recording.rows.empty() ? Outcome::kNoSpeech
                                        : (unsure ? Outcome::kAbstained : Outcome::kAnswered),
                 recording.duration_s);
  }
  auto note = summary_.note();
  note["inputs"] = block.end->inputs;
  on_segments_(recording, note);
  windows_.clear();
  probabilities_.clear();
  block.end.reset();
}

report::RecordingSegments SegmentRun::segments(const End& end) const {
  report::RecordingSegments recording;
  recording.path = end.path;
  recording.duration_s = end.heard.duration_s;
  recording.error_code = end.error_code;
  recording.error = end.error;
  if (!end.error_code.empty()) return recording;
  for (const auto& segment : rows(end)) {
    recording.rows.push_back(row_of(segment, recogniser_, request_.threshold));
  }
  return recording;
}

std::vector<model::Segment> SegmentRun::rows(const End& end) const {
  const Eigen::Map<const Eigen::MatrixXf> probabilities(
      probabilities_.data(), static_cast<Eigen::Index>(recogniser_.classes().size()),
      static_cast<Eigen::Index>(windows_.size()));
  if (request_.rows == SegmentRows::kSegments) {
    return model::segments_of(end.heard.speech, windows_, probabilities, request_.smoothing);
  }
  const auto labels = model::smooth_labels(windows_, probabilities, request_.smoothing.stay);
  std::vector<model::Segment> rows;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const float probability =
        probabilities(static_cast<Eigen::Index>(labels[i]), static_cast<Eigen::Index>(i));
    rows.push_back(
        model::segment_of_window(windows_[i], labels[i], static_cast<double>(probability)));
  }
  return rows;
}

}  // namespace ser::apps
