#include <cmath>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/phase_vocoder.h"
#include "ser/dsp/resample.h"

namespace ser::dsp {

std::vector<float> pitch_shift(std::span<const float> samples, int sample_rate_hz,
                               double semitones) {
  // written so that NaN fails
  if (!(std::abs(semitones) <= 72.0)) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "semitones of a pitch shift: must lie between -72 and 72, is " + std::to_string(semitones));
  }
  const double rate = std::pow(2.0, -semitones / 12.0);
  std::vector<float> shifted =
      resample(time_stretch(samples, rate), sample_rate_hz / rate, sample_rate_hz);
  shifted.resize(samples.size(), 0.0F);
  return shifted;
}

}  // namespace ser::dsp
