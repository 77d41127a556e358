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

// A week: a small file of compressed silence can hold years.
constexpr double kLongest_s = 7.0 * 86400.0;
// The end of a region is heard by a window of its own if the others leave this share of a hop.
constexpr double kLeastRest = 0.5;

// Cuts windows out of samples that come piece by piece.
class Windower {
 public:
  Windower(const WindowConfig& config, int sample_rate_hz,
           const std::function<void(const SpeechWindow&)>& on_window)
      : rate_(sample_rate_hz),
        length_(in_samples(config.window_s)),
        hop_(in_samples(config.hop_s)),
        on_window_(on_window),
        activity_(sample_rate_hz) {}

  void push(std::span<const float> samples) {
    // Small parts, so that no more is kept than a window and what voice activity looks back for.
    const auto part = static_cast<std::size_t>(rate_);
    while (!samples.empty()) {
      const auto some = samples.first(std::min(part, samples.size()));
      samples = samples.subspan(some.size());
      kept_.insert(kept_.end(), some.begin(), some.end());
      activity_.push(some, closed_);
      cut();
    }
  }

  void finish(HeardRecording& recording) {
    activity_.finish(closed_);
    cut();
    recording.duration_s = seconds(first_kept_ + kept_.size());
    recording.speech = std::move(speech_);
  }

 private:
  std::uint64_t in_samples(double time_s) const {
    return static_cast<std::uint64_t>(std::max(1.0, std::round(time_s * rate_)));
  }

  double seconds(std::uint64_t samples) const { return static_cast<double>(samples) / rate_; }

  void cut() {
    for (const Region& region : closed_) {
      cut_whole_windows(region);
      if (!heard_up_to_) {
        emit(region.begin, region.end);
      } else if (static_cast<double>(region.end - *heard_up_to_) >=
                 kLeastRest * static_cast<double>(hop_)) {
        emit(region.end - length_, region.end);
      }
      speech_.push_back({seconds(region.begin), seconds(region.end)});
      next_.reset();
      heard_up_to_.reset();
    }
    closed_.clear();
    std::uint64_t needed = activity_.settled();
    if (const auto open = activity_.open()) {
      cut_whole_windows(*open);
      // the last window begins a length before an end that is not known yet
      needed = std::min(*next_, open->end - std::min(open->end - open->begin, length_));
    }
    forget_before(std::min(needed, first_kept_ + kept_.size()));
  }

  void cut_whole_windows(const Region& region) {
    if (!next_) next_ = region.begin;
    while (*next_ + length_ <= region.end) {
      emit(*next_, *next_ + length_);
      heard_up_to_ = *next_ + length_;
      *next_ += hop_;
    }
  }

  void emit(std::uint64_t begin, std::uint64_t end) {
    window_.start_s = seconds(begin);
    window_.end_s = seconds(end);
    window_.region = speech_.size();
    window_.waveform.sample_rate_hz = rate_;
    const auto from = kept_.begin() + static_cast<std::ptrdiff_t>(begin - first_kept_);
    window_.waveform.samples.assign(from, from + static_cast<std::ptrdiff_t>(end - begin));
    on_window_(window_);
  }

  void forget_before(std::uint64_t sample) {
    if (sample <= first_kept_) return;
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(sample - first_kept_));
    first_kept_ = sample;
  }

  int rate_;
  std::uint64_t length_;
  std::uint64_t hop_;
  const std::function<void(const SpeechWindow&)>& on_window_;
  audio::VoiceActivity activity_;
  std::vector<Region> closed_;
  std::vector<float> kept_;
  std::uint64_t first_kept_ = 0;              // sample of the recording
  std::optional<std::uint64_t> next_;         // where the region's next window begins
  std::optional<std::uint64_t> heard_up_to_;  // by the region's windows so far
  std::vector<SpeechRegion> speech_;
  SpeechWindow window_;  // its memory is used again
};

}  // namespace

HeardRecording for_each_speech_window(const std::filesystem::path& path, const WindowConfig& config,
                                      int sample_rate_hz,
                                      const std::function<void(const SpeechWindow&)>& on_window,
                                      const core::StopRequested& stop_requested) {
  Windower windower(config, sample_rate_hz, on_window);
  std::optional<dsp::StreamResampler> resampler;
  std::vector<float> resampled;
  audio::LoadOptions options;
  // Little is kept of it, so that only the time it takes is a limit.
  options.limits.max_duration_s = kLongest_s;
  options.limits.max_frames = std::numeric_limits<std::int64_t>::max();
  const auto facts =
      audio::stream_audio(path, options, [&](std::span<const float> samples, int rate_hz) {
        if (stop_requested && stop_requested()) throw core::Interrupted();
        if (!resampler) resampler.emplace(rate_hz, sample_rate_hz);
        resampled.clear();
        resampler->push(samples, resampled);
        windower.push(resampled);
      });
  resampled.clear();
  if (resampler) resampler->finish(resampled);
  windower.push(resampled);
  HeardRecording recording;
  windower.finish(recording);
  recording.warnings = facts.warnings;
  return recording;
}

audio::Waveform sound_of(const SpeechWindow& window, const ClipConfig& clip, int sample_rate_hz) {
  const auto& [samples, rate_hz] = window.waveform;
  return without_silence({dsp::resample(samples, rate_hz, sample_rate_hz), sample_rate_hz}, clip);
}

}  // namespace ser::dataset
