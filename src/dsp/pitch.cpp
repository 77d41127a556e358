#include "ser/dsp/pitch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "ser/core/error.h"

#include "dsp/pitch_candidates.h"
#include "dsp/pitch_decoder.h"
#include "dsp/yin_difference.h"

namespace ser::dsp {
namespace {

constexpr double kOctavesPerSecond = 35.92;
constexpr int kBinsPerSemitone = kPitchBinsPerOctave / 12;

const PitchConfig& checked(const PitchConfig& config) {
  // written so that NaN fails
  if (!(config.sample_rate_hz > 0 && config.hop_length > 0 &&
        config.highest_hz <= config.sample_rate_hz / 4.0 &&
        config.highest_hz >= 2.0 * config.lowest_hz &&
        config.lowest_hz >= config.sample_rate_hz / 10000.0)) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "a pitch from " + std::to_string(config.lowest_hz) + " to " +
            std::to_string(config.highest_hz) + " Hz cannot be looked for at " +
            std::to_string(config.sample_rate_hz) +
            " Hz: the highest must be at most a quarter of the rate and at least twice the lowest, "
            "the lowest at least 1/10000 of the rate");
  }
  return config;
}

int shortest_lag(const PitchConfig& config) {
  return static_cast<int>(std::floor(config.sample_rate_hz / config.highest_hz));
}

int longest_lag(const PitchConfig& config) {
  return static_cast<int>(std::ceil(config.sample_rate_hz / config.lowest_hz));
}

int frame_length_of(const PitchConfig& config) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(4 * longest_lag(config))));
}

int bins_of(const PitchConfig& config) {
  const double octaves = std::log2(config.highest_hz / config.lowest_hz);
  return static_cast<int>(std::floor(kPitchBinsPerOctave * octaves)) + 1;
}

// Bins by which the pitch may move from one frame to the next.
int reach_of(const PitchConfig& config) {
  const double semitones = std::clamp(
      std::nearbyint(kOctavesPerSecond * 12.0 * config.hop_length / config.sample_rate_hz), 1.0,
      1e4);
  return static_cast<int>(semitones) * kBinsPerSemitone / 2;
}

}  // namespace

class PitchTracker::Impl {
 public:
  explicit Impl(const PitchConfig& config)
      : config_(checked(config)),
        difference_(frame_length_of(config), config.hop_length, shortest_lag(config),
                    longest_lag(config)),
        candidates_(config.sample_rate_hz, config.lowest_hz, bins_of(config),
                    shortest_lag(config)) {}

  int frame_length() const { return difference_.frame_length(); }

  PitchTrack track(std::span<const float> samples) const {
    PitchTrack track;
    track.hop_length = config_.hop_length;
    const std::size_t frames = 1 + samples.size() / static_cast<std::size_t>(config_.hop_length);
    track.f0_hz.reserve(frames);
    track.voicing_probability.reserve(frames);
    PitchDecoder decoder(bins_of(config_), reach_of(config_));
    PitchObservation observation;
    YinDifference::Buffers buffers;
    std::vector<double> differences(difference_.lags());
    for (std::size_t first = 0; first < frames; first += kLanes) {
      difference_.compute(samples, first, buffers);
      for (std::size_t lane = 0; lane < std::min<std::size_t>(kLanes, frames - first); ++lane) {
        for (std::size_t i = 0; i < differences.size(); ++i) {
          differences[i] = buffers.differences[i][lane];
        }
        candidates_.observe(differences, observation);
        track.voicing_probability.push_back(static_cast<float>(observation.voicing_probability));
        decoder.add(observation);
      }
    }
    for (const auto& bin : decoder.best_path()) {
      track.f0_hz.push_back(bin ? static_cast<float>(config_.lowest_hz *
                                                     std::exp2(*bin / double{kPitchBinsPerOctave}))
                                : 0.0F);
    }
    return track;
  }

 private:
  PitchConfig config_;
  YinDifference difference_;
  PitchCandidates candidates_;
};

PitchTracker::PitchTracker(const PitchConfig& config)
    : impl_(std::make_unique<const Impl>(config)) {}
PitchTracker::~PitchTracker() = default;
PitchTracker::PitchTracker(PitchTracker&&) noexcept = default;
PitchTracker& PitchTracker::operator=(PitchTracker&&) noexcept = default;

int PitchTracker::frame_length() const { return impl_->frame_length(); }
int PitchTracker::working_values(const PitchConfig& config) {
  return frame_length_of(checked(config)) + 2 * bins_of(config);
}

PitchTrack PitchTracker::track(std::span<const float> samples) const {
  return impl_->track(samples);
}

}  // namespace ser::dsp
