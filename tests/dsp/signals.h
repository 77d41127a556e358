#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ser::dsp {

// amplitude * sin(2*pi*frequency*i/rate)
std::vector<float> sine(double frequency_hz, double sample_rate_hz, std::size_t samples,
                        double amplitude = 1.0);

// Uniform in [-1, 1).
std::vector<float> noise(std::size_t samples);

// 10*log10(energy of `expected` / energy of the difference), over the part both cover.
double signal_to_noise_db(std::span<const float> actual, std::span<const float> expected);

}  // namespace ser::dsp
