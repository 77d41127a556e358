#include "stream_run.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "ser/report/prediction_rows.h"

#include "app_main.h"

namespace ser::apps {
namespace {

double in_seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

StreamRun::StreamRun(const model::Recogniser& recogniser, const SegmentRequest& request,
                     const report::SegmentFormat& format,
                     const std::optional<audio::RawFormat>& raw)
    : recogniser_(recogniser),
      request_(request),
      format_(format),
      sound_("standard input", raw),
      paths_(request.smoothing.stay),
      segments_(request.smoothing.longest_pause_s,
                [this](const model::Segment& segment) { print_row(segment); }),
      windows_(
          request.window, [this](const dataset::SpeechWindow& window) { hear(window); },
          [this](const dataset::SpeechRegion& region) { segments_.end_region(region); }) {
  print(format_.header());
  flush_output();
}

void StreamRun::push(std::span<const unsigned char> bytes) {
  const auto start = Clock::now();
  sound_.push(bytes, [this](std::span<const float> samples, int sample_rate_hz) {
    windows_.push(samples, sample_rate_hz);
  });
  segments_.advance(windows_.settled_s());
  // whoever sends it may keep the pipe open
  if (sound_.is_over()) end_sound();
  work_ += Clock::now() - start;
  if (sound_.format() && !format_told_) {
    format_told_ = true;
    const auto& format = *sound_.format();
    spdlog::info("standard input: {}, {}, {} Hz, {} channel{}", format.container,
                 format.sample_format, format.sample_rate_hz, format.channels,
                 format.channels == 1 ? "" : "s");
  }
}

void StreamRun::finish() {
  const auto warnings = sound_.finish();
  end_sound();
  for (const auto& warning : warnings) spdlog::warn("standard input: {}", warning);
  using Outcome = PredictionSummary::Outcome;
  summary_.add(
      rows_ == 0 ? Outcome::kNoSpeech : (known_ == 0 ? Outcome::kAbstained : Outcome::kAnswered),
      *duration_s_);
}

void StreamRun::end_sound() {
  if (duration_s_) return;
  duration_s_ = windows_.finish();
  segments_.finish();
  if (rows_ > 0) return;
  print(format_.recording(recording()));
  flush_output();
}

void StreamRun::fail(const core::AudioError& error) {
  auto failed = recording();
  failed.error_code = error.code();
  failed.error = error.what();
  print(format_.recording(failed));
  flush_output();
  spdlog::warn("{} {}", error.code(), error.what());
  summary_.add_failure(error.code());
}

void StreamRun::hear(const dataset::SpeechWindow& window) {
  const auto start = Clock::now();
  const auto probabilities = model::probabilities_of(recogniser_, window, workspace_);
  paths_.next(window, probabilities);
  const std::size_t label = paths_.best();
  const auto probability = static_cast<double>(probabilities(static_cast<Eigen::Index>(label)));
  if (request_.rows == SegmentRows::kWindows) {
    print_row(model::segment_of_window(window, label, probability));
  } else {
    segments_.add(window, label, probability);
  }
  ++num_windows_;
  longest_ = std::max(longest_, Clock::now() - start);
}

void StreamRun::print_row(const model::Segment& segment) {
  auto row = recording();
  row.rows.push_back(row_of(segment, recogniser_, request_.threshold));
  if (row.rows.front().label != report::kUnknown) ++known_;
  print(format_.recording(row));
  flush_output();
  ++rows_;
}

report::RecordingSegments StreamRun::recording() const {
  report::RecordingSegments recording;
  recording.path = "-";
  recording.duration_s = duration_s_.value_or(0.0);
  recording.rows_before = rows_;
  return recording;
}

void StreamRun::tell() const {
  if (!duration_s_) return;
  spdlog::info(
      "{:.1f} s heard in {} windows, {} rows; {:.3f} s of work: real-time factor {:.5f}; a window "
      "took {:.1f} ms at most",
      *duration_s_, num_windows_, rows_, in_seconds(work_),
      *duration_s_ > 0.0 ? in_seconds(work_) / *duration_s_ : 0.0, 1000.0 * in_seconds(longest_));
}

}  // namespace ser::apps
