#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// Changes the duration by 1/rate and keeps the pitch, as librosa.effects.time_stretch (2048-point
// frames, hop 512; phase vocoder of Flanagan and Golden, 1966). rate > 0. Returns
// round-half-even(n/rate) samples.
std::vector<float> time_stretch(std::span<const float> samples, double rate);

// Changes the pitch by `semitones` and keeps the duration, as librosa.effects.pitch_shift: stretch,
// then resample (libsoxr HQ). Returns as many samples as it is given.
std::vector<float> pitch_shift(std::span<const float> samples, int sample_rate_hz,
                               double semitones);

}  // namespace ser::dsp
