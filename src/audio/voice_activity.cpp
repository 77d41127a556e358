#include "ser/audio/voice_activity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "ser/dsp/fft.h"
#include "ser/dsp/window.h"

namespace ser::audio {
namespace {

// Of a higher rate the upper part is not heard: 16 kHz to just below 32 are left.
constexpr int kEnoughRate_hz = 16000;
constexpr double kHop_s = 0.010;
constexpr double kFrame_s = 0.032;
constexpr double kLowest_hz = 100.0;
constexpr double kHighest_hz = 4000.0;
constexpr double kLowestPitch_hz = 70.0;
constexpr double kHighestPitch_hz = 500.0;

constexpr double kAboveFloor_db = 10.0;
constexpr double kBelowPeak_db = 35.0;
constexpr double kLeastLevel_db = -62.0;
constexpr double kFlatnessDrop_db = 5.0;
constexpr double kLeastPeriodicity = 0.5;

constexpr double kFirstFloor_db = -70.0;
constexpr double kFloorRise_db = 5.0 * kHop_s;  // a hop
constexpr double kPeakFall_db = 1.0 * kHop_s;
constexpr double kWhiteFlatness_db = -2.5;  // of the spectrum of one frame of white noise
constexpr double kFlatnessMemory = 0.02;    // share of a new frame: half a second
constexpr std::size_t kFloorParts = 8;
constexpr std::uint64_t kFloorPart = 50;  // hops

// Hops.
constexpr std::uint64_t kBridge = 30;
constexpr std::uint64_t kLeastVotes = 10;
constexpr std::uint64_t kMargin = 5;

double decibels(double power) { return 10.0 * std::log10(std::max(power, 1e-12)); }

int power_of_two_from(int least) {
  int size = 2;
  while (size < least) size *= 2;
  return size;
}

// A first-order high-pass filter.
class HighPass {
 public:
  explicit HighPass(int sample_rate_hz) {
    const double step = 2.0 * std::numbers::pi * kLowest_hz / sample_rate_hz;
    factor_ = static_cast<float>(1.0 / (1.0 + step));
  }

  float next(float sample) {
    // what has died away must not go on as numbers that take long to compute with
    output_ = factor_ * (output_ + sample - input_);
    if (std::abs(output_) < 1e-20F) output_ = 0.0F;
    input_ = sample;
    return output_;
  }

 private:
  float factor_;
  float input_ = 0.0F;
  float output_ = 0.0F;
};

// What is below half of a rate that is a whole number of times lower, at that rate. A windowed sinc
// of 16 periods of that rate: half a millisecond late, and about 50 dB down where it would be heard
// as something else.
class Decimator {
 public:
  explicit Decimator(int factor) : factor_(static_cast<std::size_t>(factor)) {
    if (factor == 1) return;
    const int length = 16 * factor;
    const auto window = dsp::hann_window(length);
    taps_.resize(window.size());
    double sum = 0.0;
    for (int i = 0; i < length; ++i) {
      const double x = std::numbers::pi * 0.85 * (i - 0.5 * length) / factor;
      const double tap = window[static_cast<std::size_t>(i)] * (x == 0.0 ? 1.0 : std::sin(x) / x);
      taps_[static_cast<std::size_t>(i)] = static_cast<float>(tap);
      sum += tap;
    }
    for (float& tap : taps_) tap /= static_cast<float>(sum);
    before_.assign(taps_.size() - 1, 0.0F);
  }

  // Appends what is known now to `result`.
  void push(std::span<const float> samples, std::vector<float>& result) {
    if (factor_ == 1) {
      result.insert(result.end(), samples.begin(), samples.end());
      return;
    }
    before_.insert(before_.end(), samples.begin(), samples.end());
    std::size_t begin = 0;
    for (; begin + taps_.size() <= before_.size(); begin += factor_) {
      float sum = 0.0F;
      for (std::size_t i = 0; i < taps_.size(); ++i) sum += taps_[i] * before_[begin + i];
      result.push_back(sum);
    }
    before_.erase(before_.begin(), before_.begin() + static_cast<std::ptrdiff_t>(begin));
  }

 private:
  std::size_t factor_;
  std::vector<float> taps_;
  std::vector<float> before_;  // from the first that is still needed
};

// The level of silence, from the levels of all frames.
class NoiseFloor {
 public:
  double next(double level_db) {
    double& part = least_[(frames_ / kFloorPart) % kFloorParts];
    if (frames_ % kFloorPart == 0) part = level_db;
    part = std::min(part, level_db);
    ++frames_;
    floor_db_ = std::min(*std::ranges::min_element(least_), floor_db_ + kFloorRise_db);
    return floor_db_;
  }

 private:
  std::array<double, kFloorParts> least_ = filled();
  std::uint64_t frames_ = 0;
  double floor_db_ = kFirstFloor_db;

  static std::array<double, kFloorParts> filled() {
    std::array<double, kFloorParts> values{};
    values.fill(std::numeric_limits<double>::max());
    return values;
  }
};

// Whether frames are voice, one after the other.
class FrameVote {
 public:
  explicit FrameVote(int sample_rate_hz)
      : rate_(sample_rate_hz),
        frame_(std::max(16, static_cast<int>(std::lround(kFrame_s * rate_)))),
        longest_period_(static_cast<int>(rate_ / kLowestPitch_hz) + 1),
        fft_(power_of_two_from(frame_ + longest_period_)),
        window_(dsp::hann_window(frame_)),
        padded_(static_cast<std::size_t>(fft_.size()), 0.0),
        spectrum_(static_cast<std::size_t>(fft_.bins())) {
    // The autocorrelation of the window, by which that of a frame is divided.
    std::ranges::copy(window_, padded_.begin());
    fft_.forward(padded_, spectrum_);
    for (auto& bin : spectrum_) bin = std::norm(bin);
    window_correlation_.resize(padded_.size());
    fft_.inverse(spectrum_, window_correlation_);
  }

  int length() const { return frame_; }

  bool next(std::span<const float> frame) {
    double power = 0.0;
    for (const float sample : frame) power += static_cast<double>(sample) * sample;
    const double level_db = decibels(power / static_cast<double>(frame.size()));
    const double floor_db = floor_.next(level_db);
    peak_db_ = std::max(level_db, peak_db_ - kPeakFall_db);
    ++frames_;
    const bool loud =
        level_db >= std::max({floor_db + kAboveFloor_db, peak_db_ - kBelowPeak_db, kLeastLevel_db});
    // What silence is like changes slowly, and most frames of it need no more than their level.
    if (!loud && frames_ % 8 != 0) return false;
    transform(frame);
    const double flatness_db = this->flatness_db();
    if (loud && (flatness_db <= silent_flatness_db_ - kFlatnessDrop_db || is_periodic())) {
      return true;
    }
    silent_flatness_db_ +=
        (loud ? kFlatnessMemory : 8 * kFlatnessMemory) * (flatness_db - silent_flatness_db_);
    return false;
  }

 private:
  // The powers of the bins within the band; zero elsewhere.
  void transform(std::span<const float> frame) {
    std::ranges::fill(padded_, 0.0);
    for (std::size_t i = 0; i < frame.size(); ++i) padded_[i] = window_[i] * frame[i];
    fft_.forward(padded_, spectrum_);
    const double bin_hz = static_cast<double>(rate_) / fft_.size();
    first_bin_ = static_cast<std::size_t>(std::ceil(kLowest_hz / bin_hz));
    last_bin_ = std::min(spectrum_.size() - 1, static_cast<std::size_t>(kHighest_hz / bin_hz));
    for (std::size_t bin = 0; bin < spectrum_.size(); ++bin) {
      spectrum_[bin] = bin < first_bin_ || bin > last_bin_ ? 0.0 : std::norm(spectrum_[bin]);
    }
  }

  // Geometric over arithmetic mean of the powers, of every second bin or so: there are more bins
  // than independent values.
  double flatness_db() const {
    const auto step = static_cast<std::size_t>(std::max(1, fft_.size() / frame_));
    double logarithms = 0.0;
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t bin = first_bin_; bin <= last_bin_; bin += step, ++count) {
      const double power = spectrum_[bin].real() + 1e-20;
      logarithms += std::log10(power);
      sum += power;
    }
    if (count == 0) return kWhiteFlatness_db;
    const auto values = static_cast<double>(count);
    return 10.0 * (logarithms / values - std::log10(sum / values));
  }

  // Takes the place of the spectrum.
  bool is_periodic() {
    fft_.inverse(spectrum_, padded_);
    const double whole = padded_[0] / window_correlation_[0];
    const auto shortest = static_cast<std::size_t>(rate_ / kHighestPitch_hz);
    for (std::size_t lag = shortest; lag < static_cast<std::size_t>(longest_period_); ++lag) {
      const bool is_peak = padded_[lag] > padded_[lag - 1] && padded_[lag] >= padded_[lag + 1];
      if (is_peak && padded_[lag] >= kLeastPeriodicity * whole * window_correlation_[lag]) {
        return true;
      }
    }
    return false;
  }

  int rate_;
  int frame_;
  int longest_period_;
  dsp::RealFft fft_;
  std::vector<double> window_;
  std::vector<double> window_correlation_;
  std::vector<double> padded_;
  std::vector<std::complex<double>> spectrum_;
  std::size_t first_bin_ = 0;
  std::size_t last_bin_ = 0;
  NoiseFloor floor_;
  double peak_db_ = kLeastLevel_db;
  double silent_flatness_db_ = kWhiteFlatness_db;
  std::uint64_t frames_ = 0;
};

}  // namespace

class VoiceActivity::Impl {
 public:
  explicit Impl(int sample_rate_hz)
      : factor_(std::max(1, sample_rate_hz / kEnoughRate_hz)),
        shift_(static_cast<std::size_t>(
            std::max<long>(1, std::lround(kHop_s * sample_rate_hz / factor_)))),
        hop_(shift_ * static_cast<std::size_t>(factor_)),
        decimator_(factor_),
        filter_(sample_rate_hz / factor_),
        vote_(sample_rate_hz / factor_),
        // the first frame is centred on the first hop
        heard_((static_cast<std::size_t>(vote_.length()) -
                std::min(shift_, static_cast<std::size_t>(vote_.length()))) /
                   2,
               0.0F) {}

  void push(std::span<const float> samples, std::vector<Region>& regions) {
    samples_ += samples.size();
    const std::size_t before = heard_.size();
    decimator_.push(samples, heard_);
    for (float& sample : std::span(heard_).subspan(before)) sample = filter_.next(sample);
    vote(regions);
  }

  void finish(std::vector<Region>& regions) {
    const std::uint64_t end = samples_;
    const std::uint64_t hops = (end + hop_ - 1) / hop_;
    while (votes_ < hops) {
      heard_.resize(heard_.size() + shift_, 0.0F);
      vote(regions, hops);
    }
    if (open_) close(regions);
  }

  std::optional<Region> open() const {
    if (!open_ || open_->votes < kLeastVotes) return std::nullopt;
    return Region{begin_of(*open_), end_of(*open_)};
  }

  std::uint64_t settled() const {
    const std::uint64_t hop = open_ ? open_->first : votes_;
    return (hop - std::min(hop, kMargin)) * hop_;
  }

 private:
  // Hops with votes, and what lies between them.
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t votes = 0;
  };

  std::uint64_t begin_of(const Run& run) const {
    return std::max(free_from_, (run.first - std::min(run.first, kMargin)) * hop_);
  }

  // As far as it is known.
  std::uint64_t end_of(const Run& run) const {
    return std::min(samples_, (run.last + 1 + kMargin) * hop_);
  }

  void vote(std::vector<Region>& regions,
            std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
    const auto frame = static_cast<std::size_t>(vote_.length());
    std::size_t begin = 0;
    while (begin + frame <= heard_.size() && votes_ < most) {
      take(vote_.next(std::span(heard_).subspan(begin, frame)), regions);
      begin += shift_;
    }
    heard_.erase(heard_.begin(),
                 heard_.begin() + static_cast<std::ptrdiff_t>(std::min(begin, heard_.size())));
  }

  void take(bool voice, std::vector<Region>& regions) {
    const std::uint64_t hop = votes_++;
    if (open_ && hop - open_->last > kBridge) close(regions);
    if (!voice) return;
    if (!open_) open_ = Run{hop, hop, 0};
    open_->last = hop;
    ++open_->votes;
  }

  void close(std::vector<Region>& regions) {
    if (open_->votes >= kLeastVotes) {
      const Region region{begin_of(*open_), end_of(*open_)};
      regions.push_back(region);
      free_from_ = region.end;
    }
    open_.reset();
  }

  int factor_;         // from the rate of the recording to that at which it is heard
  std::size_t shift_;  // samples of the latter
  std::uint64_t hop_;  // the same in those of the recording
  Decimator decimator_;
  HighPass filter_;
  FrameVote vote_;
  std::vector<float> heard_;  // filtered, from the begin of the next frame on
  std::uint64_t samples_ = 0;
  std::uint64_t votes_ = 0;
  std::optional<Run> open_;
  std::uint64_t free_from_ = 0;  // no region behind begins before this sample
};

VoiceActivity::VoiceActivity(int sample_rate_hz) : impl_(std::make_unique<Impl>(sample_rate_hz)) {}
VoiceActivity::~VoiceActivity() = default;
VoiceActivity::VoiceActivity(VoiceActivity&&) noexcept = default;
VoiceActivity& VoiceActivity::operator=(VoiceActivity&&) noexcept = default;

void VoiceActivity::push(std::span<const float> samples, std::vector<Region>& regions) {
  impl_->push(samples, regions);
}

void VoiceActivity::finish(std::vector<Region>& regions) { impl_->finish(regions); }

std::optional<VoiceActivity::Region> VoiceActivity::open() const { return impl_->open(); }

std::uint64_t VoiceActivity::settled() const { return impl_->settled(); }

std::vector<VoiceActivity::Region> speech_regions(const Waveform& waveform) {
  std::vector<VoiceActivity::Region> regions;
  if (waveform.samples.empty()) return regions;
  VoiceActivity activity(waveform.sample_rate_hz);
  activity.push(waveform.samples, regions);
  activity.finish(regions);
  return regions;
}

bool has_speech(const Waveform& waveform) {
  if (waveform.samples.empty()) return false;
  VoiceActivity activity(waveform.sample_rate_hz);
  std::vector<VoiceActivity::Region> regions;
  std::span<const float> left(waveform.samples);
  const auto part = static_cast<std::size_t>(waveform.sample_rate_hz / 10);
  while (!left.empty() && regions.empty() && !activity.open()) {
    const auto some = left.first(std::min(std::max<std::size_t>(1, part), left.size()));
    activity.push(some, regions);
    left = left.subspan(some.size());
  }
  if (left.empty()) activity.finish(regions);
  return !regions.empty() || activity.open().has_value();
}

}  // namespace ser::audio
