#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

inline constexpr double kLeastRateHz = 1.0;
inline constexpr double kLargestRateHz = 1e9;

// Band-limited resampling by libsoxr in its HQ quality, as librosa's default does. Rates need not
// be whole numbers. Returns ceil(samples.size() * target_rate / source_rate) samples: what libsoxr
// gives, cut or zero-padded. The same rate returns a copy. Finite samples give finite samples,
// however large.
//
// Throws ConfigError (E_SAMPLE_RATE) for a rate outside [kLeastRateHz, kLargestRateHz], AudioError
// for a result that no memory can hold (E_AUDIO_LIMIT) or if libsoxr fails (E_AUDIO_RESAMPLE).
std::vector<float> resample(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz);

}  // namespace ser::dsp
