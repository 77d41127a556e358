#pragma once

namespace ser::dsp {

// A stretch of the frequency axis that keeps both its ends, as if the vocal tract had another
// length (Jaitly and Hinton, 2013, equation 2). With S the sample rate and F the boundary, a
// frequency f up to F*min(factor, 1)/factor goes to f*factor; above, a straight line leads to S/2:
//
//   S/2 - (S/2 - F*min(factor, 1)) / (S/2 - F*min(factor, 1)/factor) * (S/2 - f)
//
// The boundary should cover the formants that matter. It counts as 0.9*S/2 where it is higher.
struct FrequencyWarp {
  double factor = 1.0;  // above 0
  double boundary_hz = 4800.0;

  // Where `frequency_hz` in [0, sample_rate_hz/2] goes. A factor of 1 leaves it exactly as it is.
  double warped(double frequency_hz, double sample_rate_hz) const;
};

}  // namespace ser::dsp
