#pragma once

#include <vector>

namespace ser::audio {

// A mono recording: samples at full scale [-1, 1], and the rate that travels with them.
struct Waveform {
  std::vector<float> samples;
  int sample_rate_hz = 0;

  double duration_s() const {
    return sample_rate_hz > 0 ? static_cast<double>(samples.size()) / sample_rate_hz : 0.0;
  }
};

}  // namespace ser::audio
