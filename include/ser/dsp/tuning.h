#pragma once

#include <Eigen/Core>

namespace ser::dsp {

// How far the pitches in a spectrogram [bins x frames] lie from the equal-tempered scale on A = 440
// Hz, in semitones, a multiple of 0.01 in [-0.5, 0.5); 0 if there are no pitches. Spectral peaks
// between 150 and 4000 Hz that reach a tenth of their frame's maximum are placed between bins by a
// parabola (Smith, QIFFT); the stronger half of them votes.
double estimate_tuning(const Eigen::MatrixXf& magnitudes, int sample_rate_hz, int fft_size);

}  // namespace ser::dsp
