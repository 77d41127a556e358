#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// Derivative over frames, of order 1 or 2: that of the polynomial of the same order which is fitted
// to 9 frames around each one (Savitzky and Golay, 1964), as librosa.feature.delta of 0.10.2. The
// first and last 4 frames take the derivative of the 9 at the end, as there. A series of fewer than
// 9, which librosa refuses, is fitted as a whole; of fewer than order + 1, it has no slope: 0.
// Throws ConfigError (E_CONFIG_VALUE) for another order.
std::vector<float> delta(std::span<const float> values, int order);

}  // namespace ser::dsp
