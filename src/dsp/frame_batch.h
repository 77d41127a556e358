#pragma once

#include <algorithm>

#include <Eigen/Core>

namespace ser::dsp {

// How many frames to transform at once: enough to fill vector registers, few enough for the frames
// and their spectra to stay in the second-level cache.
inline Eigen::Index frame_batch_size(int fft_size) {
  return std::clamp<Eigen::Index>(16384 / fft_size, 4, 64);
}

}  // namespace ser::dsp
