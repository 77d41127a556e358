#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace ser::dsp {

struct PitchConfig {
  int sample_rate_hz = 22050;
  int hop_length = 512;
  double lowest_hz = 65.0;
  double highest_hz = 700.0;
};

// One value a frame.
struct PitchTrack {
  std::vector<float> f0_hz;                // 0 where the frame is not voiced
  std::vector<float> voicing_probability;  // in [0, 1]
  int hop_length = 1;                      // frame t is centred on sample t*hop_length

  std::size_t frames() const { return f0_hz.size(); }
  bool voiced(std::size_t frame) const { return f0_hz[frame] > 0.0F; }
};

// Fundamental frequency by pYIN (Mauch and Dixon, 2014): the candidates of YIN (de Cheveigne and
// Kawahara, 2002) for a distribution of thresholds, and the most probable path through them. Equal
// to librosa.pyin of 0.10.2 with its defaults and frame_length(), up to ties and rounding: pitches
// are multiples of 0.1 semitones above the lowest, Beta(2, 18) is the prior of the threshold, a
// change of voicing has probability 0.01. A pitch may move by 36 octaves a second, and by one
// semitone a frame however short the hop is. The first half of a frame is compared with what lies a
// period later, so a glide is heard about a quarter of a frame late. What is fainter than about -90
// dB full scale is never voiced. Immutable, so threads may share one.
class PitchTracker {
 public:
  // Throws ConfigError (E_CONFIG_VALUE) unless the rate and hop are positive, highest_hz is at most
  // a quarter of the rate and at least an octave above lowest_hz, and lowest_hz at least 1/10,000
  // of the rate.
  explicit PitchTracker(const PitchConfig& config);
  ~PitchTracker();
  PitchTracker(PitchTracker&&) noexcept;
  PitchTracker& operator=(PitchTracker&&) noexcept;

  // Samples that a frame looks at: the power of two from 4 of the longest periods on.
  int frame_length() const;
  // Numbers that are computed and kept for one frame.
  static int working_values(const PitchConfig& config);

  // 1 + samples.size() / hop_length frames.
  PitchTrack track(std::span<const float> samples) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace ser::dsp
