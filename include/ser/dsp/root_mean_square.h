#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// Root mean square of frames of `frame_length` samples, frame t centred on sample t*hop_length;
// samples outside the signal count as zero. Returns 1 + samples.size() / hop_length values, finite
// for finite samples. Both lengths >= 1, otherwise ConfigError (E_CONFIG_VALUE).
std::vector<float> root_mean_square(std::span<const float> samples, int frame_length,
                                    int hop_length);

}  // namespace ser::dsp
