#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ser/dsp/pitch.h"

namespace ser::dsp {

// Harmonics-to-noise ratio in decibels of the samples around `centre`, for a known fundamental
// frequency (Boersma, 1993): 10*log10(r / (1 - r)) with r the normalised correlation of the signal
// with itself one period later, taken over `window` samples (at least a period) without their mean.
// The period is refined by 3 % to both sides. Within [-20, 50] dB; -20 where fewer than two
// periods lie within the signal, and for silence.
double harmonics_to_noise_db(std::span<const float> samples, std::ptrdiff_t centre, double period,
                             int window);
// The same for each frame of a track; 0 where it is not voiced.
std::vector<float> harmonics_to_noise_db(std::span<const float> samples, int sample_rate_hz,
                                         const PitchTrack& track, int window);

// One period of the voice.
struct GlottalPeriod {
  double start = 0.0;   // in samples
  double length = 0.0;  // in samples
  double peak = 0.0;    // largest absolute sample within half a period of the start, interpolated
  std::size_t stretch = 0;  // periods of one voiced stretch follow each other without a gap
};

// The periods in the voiced stretches of `track`, in the order of time, by waveform matching
// (Milenkovic, 1987; as Praat's cross-correlation method): from the largest sample of a stretch's
// first period, each next one lies where a period's worth of samples correlates best, between 0.8
// and 1.25 times the period that the track says.
std::vector<GlottalPeriod> glottal_periods(std::span<const float> samples, int sample_rate_hz,
                                           const PitchTrack& track);

// For the periods of each frame (those that start within `window` samples around its centre):
// local jitter, the mean absolute difference of consecutive lengths over the mean length, and
// local shimmer, the same of peaks. 0 for frames with fewer than two consecutive periods.
std::vector<float> local_jitter(std::span<const GlottalPeriod> periods, const PitchTrack& track,
                                int window);
std::vector<float> local_shimmer(std::span<const GlottalPeriod> periods, const PitchTrack& track,
                                 int window);

}  // namespace ser::dsp
