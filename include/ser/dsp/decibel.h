#pragma once

#include <span>

namespace ser::dsp {

// Power to decibels, in place: 10*log10(max(power, 1e-10)), and nothing lower than 80 dB below the
// highest value of all.
void power_to_db(std::span<float> power);

}  // namespace ser::dsp
