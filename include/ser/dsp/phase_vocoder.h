#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// Rates of a time stretch lie between 1/kLargestStretch and kLargestStretch.
inline constexpr double kLargestStretch = 64.0;

// Changes the duration by 1/rate and keeps the pitch, as librosa.effects.time_stretch (2048-point
// frames, hop 512; phase vocoder of Flanagan and Golden, 1966). Returns round-half-even(n/rate)
// samples. A rate above 1 is faster and shorter. Throws ConfigError (E_CONFIG_VALUE) for a rate
// that is out of range.
std::vector<float> time_stretch(std::span<const float> samples, double rate);

// Changes the pitch by `semitones` and keeps the duration, as librosa.effects.pitch_shift: stretch,
// then resample (libsoxr HQ). Returns as many samples as it is given. Throws ConfigError
// (E_CONFIG_VALUE) beyond 72 semitones, for which the stretch would be out of range.
std::vector<float> pitch_shift(std::span<const float> samples, int sample_rate_hz,
                               double semitones);

}  // namespace ser::dsp
