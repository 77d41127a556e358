#pragma once

#include <Eigen/Core>

namespace ser::dsp {

// Rows of spectral_contrast(): 7, or as many as begin below half the sample rate.
int spectral_contrast_bands(int sample_rate_hz);

// Spectral contrast (Jiang et al., 2002) as librosa.feature.spectral_contrast of 0.10.2 with its
// defaults: in the band below 200 Hz, in the octaves from there on and in what is left on top, the
// mean of the highest 2 % of magnitudes over that of the lowest 2 % (one bin at least), in decibels
// as librosa takes them: 10*log10, at least 1e-10 and 80 dB below the highest of all.
// [spectral_contrast_bands() x frames] for `magnitudes` [fft_size / 2 + 1 x frames]. Where librosa
// refuses to work there are fewer bands (rates of 12.8 kHz and below); a band that holds no bin has
// contrast 0. Finite for finite magnitudes.
Eigen::MatrixXf spectral_contrast_db(const Eigen::MatrixXf& magnitudes, int sample_rate_hz,
                                     int fft_size);

}  // namespace ser::dsp
