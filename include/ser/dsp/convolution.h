#pragma once

#include <span>
#include <vector>

namespace ser::dsp {

// The first signal.size() samples of the convolution with a response: y[n] = sum_k response[k] *
// signal[n-k]. By Fourier transforms of blocks (overlap and add; Stockham, 1966) in double; time
// grows with the logarithm of the response's length, memory beside the result with that length.
// Throws ConfigError (E_CONFIG_VALUE) for responses of more than 2^28 samples.
std::vector<float> convolve(std::span<const float> signal, std::span<const float> response);

}  // namespace ser::dsp
