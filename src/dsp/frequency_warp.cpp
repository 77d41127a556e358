#include "ser/dsp/frequency_warp.h"

#include <algorithm>

namespace ser::dsp {

double FrequencyWarp::warped(double frequency_hz, double sample_rate_hz) const {
  if (factor == 1.0) return frequency_hz;
  const double top = sample_rate_hz / 2.0;
  const double bend_to = std::min(boundary_hz, 0.9 * top) * std::min(factor, 1.0);
  const double bend_from = bend_to / factor;
  if (frequency_hz <= bend_from) return frequency_hz * factor;
  return top - (top - bend_to) / (top - bend_from) * (top - frequency_hz);
}

}  // namespace ser::dsp
