#pragma once

#include <span>

namespace ser::dsp {

// The shape of one frame's spectrum, for `magnitudes` [fft_size / 2 + 1] (finite, none negative)
// whose bin k lies at k*bin_hz. The first four are those of librosa 0.10.2 with its defaults; what
// librosa leaves as not a number is defined here. All results are finite.

// The distance between bins of a transform of `fft_size` samples, in Hz.
double bin_width_hz(int sample_rate_hz, int fft_size);

// Mean frequency in Hz, weighted by magnitude (librosa.feature.spectral_centroid); 0 for silence.
double spectral_centroid_hz(std::span<const float> magnitudes, double bin_hz);

// Standard deviation of frequency around `centroid_hz`, weighted by magnitude
// (librosa.feature.spectral_bandwidth, p = 2); 0 for silence.
double spectral_bandwidth_hz(std::span<const float> magnitudes, double bin_hz, double centroid_hz);

// The lowest bin's frequency in Hz at and below which 85 % of the sum of magnitudes lies
// (librosa.feature.spectral_rolloff, which sums in float as this does); 0 for silence.
double spectral_rolloff_hz(std::span<const float> magnitudes, double bin_hz);

// Geometric over arithmetic mean of powers, each at least 1e-10 (librosa.feature.spectral_flatness;
// Dubnov, 2004): 1 for white noise's expectation and for silence, near 0 for a tone.
double spectral_flatness(std::span<const float> magnitudes);

// Slope of the least-squares line through the power spectrum in decibels over frequency, bins from
// low_hz to high_hz, in dB/kHz (as "spectral slope" in eGeMAPS: Eyben et al., 2016). Powers count
// as at least 1e-10; 0 where there are fewer than two bins.
double spectral_slope_db_per_khz(std::span<const float> magnitudes, double bin_hz, double low_hz,
                                 double high_hz);

// Squared Euclidean distance between two frames' magnitudes, each scaled to length 1 (Tzanetakis
// and Cook, 2002): 0 for the same spectrum at any level, 2 for spectra that share no bin. 0 if
// either is silent.
double spectral_flux(std::span<const float> previous, std::span<const float> magnitudes);

}  // namespace ser::dsp
