#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ser/audio/waveform.h"

namespace ser::audio {

// Finds speech in a recording that comes piece by piece, by the votes of Moattar and Homayounpour
// (A simple but efficient real-time voice activity detection algorithm, EUSIPCO 2009): of each 10
// ms, seen through 32 ms, the energy, the spectral flatness and the pitch, each against what the
// silence so far was like. Other than there, the energy must be among the votes, so that a hum is
// no speech; it must lie 10 dB above a floor that follows the least of the last 4 s (minimum
// statistics, Martin 2001; upwards by at most 5 dB a second), within 35 dB of the loudest of late,
// and above -62 dB full scale. Flatness (100 to 4,000 Hz) must lie 5 dB below that of silence;
// pitch is a normalised autocorrelation (Boersma 1993) of at least 0.5 at 70 to 500 Hz. What is
// below 100 Hz is not heard, nor, of rates from 32 kHz on, most of what is above 8 kHz or some
// more.
//
// Hangover: pauses up to 300 ms belong to the speech around them, what has less than 100 ms of
// votes is none, and 50 ms are added before and behind.
class VoiceActivity {
 public:
  explicit VoiceActivity(int sample_rate_hz);
  ~VoiceActivity();
  VoiceActivity(VoiceActivity&&) noexcept;
  VoiceActivity& operator=(VoiceActivity&&) noexcept;

  // Samples [begin, end) of the recording that are speech.
  struct Region {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  // Appends the regions that are over to `regions`, in order. Samples must be finite.
  void push(std::span<const float> samples, std::vector<Region>& regions);
  // The recording ends here.
  void finish(std::vector<Region>& regions);
  // Speech that goes on: up to its `end` it is certain. Pauses belong to it until they are too
  // long, which is known as soon as push() has the sample that makes them so.
  std::optional<Region> open() const;
  // No region that is still to come begins before this sample.
  std::uint64_t settled() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The parts of a recording that are speech.
std::vector<VoiceActivity::Region> speech_regions(const Waveform& waveform);
// Whether there are any; looks no further than to the first.
bool has_speech(const Waveform& waveform);

}  // namespace ser::audio
