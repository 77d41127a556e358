#pragma once

#include <span>

namespace ser::dsp {

enum class PassBand { kLow, kHigh };

inline constexpr int kLargestButterworthOrder = 16;

// Filters in place by a Butterworth filter (1930) of even `order`: second-order sections by the
// bilinear transform, placed so that the gain at the cutoff is exactly 1/sqrt(2). In the steady
// state, with r = tan(pi*f/rate) / tan(pi*cutoff/rate), low pass (high pass: 1/r in place of r):
//
//   |H(f)|^2 = 1 / (1 + r^(2*order))
//
// Before the first sample there is silence. Throws ConfigError (E_CONFIG_VALUE) unless the cutoff
// lies between 0 and half the rate and the order is even, 2 to kLargestButterworthOrder.
void butterworth(std::span<float> samples, double sample_rate_hz, PassBand pass_band,
                 double cutoff_hz, int order);

}  // namespace ser::dsp
