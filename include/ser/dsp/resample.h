#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// Band-limited resampling by libsoxr in its HQ quality, as librosa's default does. Rates need not
// be whole numbers. Returns ceil(samples.size() * target_rate / source_rate) samples: what libsoxr
// gives, cut or zero-padded. The same rate returns a copy.
std::vector<float> resample(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz);

}  // namespace ser::dsp
