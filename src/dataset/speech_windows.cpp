#include "ser/dataset/speech_windows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "ser/audio/load.h"
#include "ser/audio/voice_activity.h"
#include "ser/dsp/resample.h"

#include "dataset/clip_silence.h"

namespace ser::dataset {
namespace {

using Region = audio::VoiceActivity::Region;

// The end of a region is heard by a window of its own if the others leave this share of a hop.
constexpr double kLeastRest = 0.5;

// More is not needed to tell what an emotion is, and would only take memory.
constexpr int kHighestRate_hz = 48000;

}  // namespace

class SpeechWindows::Impl {
 public:
  Impl(const WindowConfig& config, OnWindow on_window, OnRegion on_region)
      : config_(config), on_window_(std::move(on_window)), on_region_(std::move(on_region)) {}

  void push(std::span<const float> samples, int sample_rate_hz) {
    if (rate_ == 0) begin(sample_rate_hz);
    if (resampler_) {
      resampled_.clear();
      resampler_->push(samples, resampled_);
      samples = resampled_;
    }
    push(samples);
  }

  double finish() {
    if (rate_ == 0) return 0.0;
    if (resampler_) {
      resampled_.clear();
      resampler_->finish(resampled_);
      push(resampled_);
    }
    activity_->finish(closed_);
    cut();
    return seconds(position());
  }

  double settled_s() const { return rate_ == 0 ? 0.0 : seconds(activity_->settled()); }

 private:
  void begin(int sample_rate_hz) {
    rate_ = std::min(sample_rate_hz, kHighestRate_hz);
    if (rate_ != sample_rate_hz) resampler_.emplace(sample_rate_hz, rate_);
    length_ = in_samples(config_.window_s);
    hop_ = in_samples(config_.hop_s);
    activity_.emplace(rate_);
  }

  std::uint64_t in_samples(double time_s) const {
    return static_cast<std::uint64_t>(std::max(1.0, std::round(time_s * rate_)));
  }

  double seconds(std::uint64_t samples) const { return static_cast<double>(samples) / rate_; }

  // How many samples there were so far.
  std::uint64_t position() const { return first_kept_ + kept_.size(); }

  // Steps end where a window does and, besides, at places that do not depend on how the sound is
  // cut: what is known of the speech there is what counts.
  void push(std::span<const float> samples) {
    const auto part = static_cast<std::uint64_t>(std::max(1, rate_ / 100));
    while (!samples.empty()) {
      std::uint64_t step = part - position() % part;
      if (next_ && *next_ + length_ > position()) {
        step = std::min(step, *next_ + length_ - position());
      }
      const auto some =
          samples.first(static_cast<std::size_t>(std::min<std::uint64_t>(step, samples.size())));
      samples = samples.subspan(some.size());
      kept_.insert(kept_.end(), some.begin(), some.end());
      activity_->push(some, closed_);
      cut();
    }
  }

  void cut() {
    for (const Region& region : closed_) {
      if (!next_) next_ = region.begin;
      while (*next_ + length_ <= region.end) emit_next(region.end);
      if (!heard_up_to_) {
        emit(region.begin, region.end, region.end);
      } else if (static_cast<double>(region.end) - static_cast<double>(*heard_up_to_) >=
                 kLeastRest * static_cast<double>(hop_)) {
        emit(region.end - length_, region.end, region.end);
      }
      on_region_({seconds(region.begin), seconds(region.end)});
      ++regions_;
      next_.reset();
      heard_up_to_.reset();
    }
    closed_.clear();
    std::uint64_t needed = activity_->settled();
    if (const auto open = activity_->open()) {
      if (!next_) next_ = open->begin;
      // half of it is speech at least
      while (*next_ + length_ <= position() && *next_ + length_ / 2 <= open->end) {
        emit_next(open->end);
      }
      // the last window begins a length before an end that is not known yet
      needed = std::min(*next_, open->end - std::min(open->end - open->begin, length_));
    }
    forget_before(std::min(needed, position()));
  }

  void emit_next(std::uint64_t speech_end) {
    emit(*next_, *next_ + length_, speech_end);
    heard_up_to_ = *next_ + length_;
    *next_ += hop_;
  }

  // Speech is known up to `speech_end`.
  void emit(std::uint64_t begin, std::uint64_t end, std::uint64_t speech_end) {
    const std::uint64_t new_from = std::max(begin, new_from_);
    new_from_ = end;
    window_.start_s = seconds(begin);
    window_.end_s = seconds(end);
    window_.region = regions_;
    window_.new_from_s = seconds(new_from);
    window_.new_speech_s = seconds(std::max(new_from, std::min(end, speech_end)) - new_from);
    window_.waveform.sample_rate_hz = rate_;
    const auto from = kept_.begin() + static_cast<std::ptrdiff_t>(begin - first_kept_);
    window_.waveform.samples.assign(from, from + static_cast<std::ptrdiff_t>(end - begin));
    on_window_(window_);
  }

  void forget_before(std::uint64_t sample) {
    // a second at a time: what is behind has to be moved
    if (sample < first_kept_ + static_cast<std::uint64_t>(rate_)) return;
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(sample - first_kept_));
    first_kept_ = sample;
  }

  WindowConfig config_;
  OnWindow on_window_;
  OnRegion on_region_;
  int rate_ = 0;  // none before the first sample
  std::uint64_t length_ = 0;
  std::uint64_t hop_ = 0;
  std::optional<dsp::StreamResampler> resampler_;
  std::vector<float> resampled_;
  std::optional<audio::VoiceActivity> activity_;
  std::vector<Region> closed_;
  std::vector<float> kept_;
  std::uint64_t first_kept_ = 0;              // sample of the recording
  std::size_t regions_ = 0;                   // that are over
  std::optional<std::uint64_t> next_;         // where the region's next window begins
  std::optional<std::uint64_t> heard_up_to_;  // by the region's windows so far
  std::uint64_t new_from_ = 0;                // the end of the last window
  SpeechWindow window_;                       // its memory is used again
};

SpeechWindows::SpeechWindows(const WindowConfig& config, OnWindow on_window, OnRegion on_region)
    : impl_(std::make_unique<Impl>(config, std::move(on_window), std::move(on_region))) {}
SpeechWindows::~SpeechWindows() = default;
SpeechWindows::SpeechWindows(SpeechWindows&&) noexcept = default;
SpeechWindows& SpeechWindows::operator=(SpeechWindows&&) noexcept = default;

void SpeechWindows::push(std::span<const float> samples, int sample_rate_hz) {
  impl_->push(samples, sample_rate_hz);
}

double SpeechWindows::finish() { return impl_->finish(); }

double SpeechWindows::settled_s() const { return impl_->settled_s(); }

HeardRecording for_each_speech_window(const std::filesystem::path& path, const WindowConfig& config,
                                      const SpeechWindows::OnWindow& on_window,
                                      const core::StopRequested& stop_requested) {
  HeardRecording recording;
  SpeechWindows windows(config, on_window,
                        [&](const SpeechRegion& region) { recording.speech.push_back(region); });
  audio::LoadOptions options;
  options.limits.max_duration_s = audio::load_defaults().max_streamed_duration_s;
  options.limits.max_frames = std::numeric_limits<std::int64_t>::max();
  const auto facts =
      audio::stream_audio(path, options, [&](std::span<const float> samples, int rate_hz) {
        if (stop_requested && stop_requested()) throw core::Interrupted();
        windows.push(samples, rate_hz);
      });
  recording.duration_s = windows.finish();
  recording.warnings = facts.warnings;
  return recording;
}

audio::Waveform sound_of(const SpeechWindow& window, const ClipConfig& clip, int sample_rate_hz) {
  const auto& [samples, rate_hz] = window.waveform;
  return without_silence({dsp::resample(samples, rate_hz, sample_rate_hz), sample_rate_hz}, clip);
}

}  // namespace ser::dataset
