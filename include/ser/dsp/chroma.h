#pragma once

#include <Eigen/Core>

namespace ser::dsp {

inline constexpr int kChromaClasses = 12;

// Weights that sum a spectrum into the twelve pitch classes, C first: [12 x bins] (Ellis, 2007).
// Each bin is spread over the classes by a Gaussian of its own width in semitones (at least one),
// scaled to Euclidean length 1, and weighted by its distance from the fifth octave in units of two
// octaves. `tuning` is the deviation from A = 440 Hz, in semitones.
Eigen::MatrixXf chroma_filterbank(int sample_rate_hz, int fft_size, double tuning);

// [12 x frames] for `magnitudes` [bins x frames]: pitch classes, each frame divided by its largest
// value (frames of nothing stay 0).
Eigen::MatrixXf chroma(const Eigen::MatrixXf& filterbank, const Eigen::MatrixXf& magnitudes);

}  // namespace ser::dsp
