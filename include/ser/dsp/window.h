#pragma once

#include <vector>

namespace ser::dsp {

// Periodic Hann window, 0.5 - 0.5*cos(2*pi*i/length) for i in [0, length): its value at `length`
// would be the next period's first. For frames that overlap by three quarters its squares add up
// to 1.5.
std::vector<double> hann_window(int length);

}  // namespace ser::dsp
