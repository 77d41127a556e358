#pragma once

#include <complex>
#include <span>

namespace ser::dsp {

// Discrete Fourier transform of real signals, X[k] = sum_n x[n] exp(-2*pi*i*k*n/size), in double
// precision; any size, fastest for products of small primes. Several signals are transformed at
// once, lying behind each other, which lets the transform run in the lanes of a vector register.
// Holds no mutable state, so threads may share one.
class RealFft {
 public:
  // size >= 2, otherwise ConfigError (E_CONFIG_VALUE).
  explicit RealFft(int size);

  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }

  // signals: [size x count], spectra: [bins x count], column-major.
  void forward(std::span<const double> signals, std::span<std::complex<double>> spectra) const;

  // The inverse, scaled by 1/size; the imaginary parts of the first and (even size) last bin are
  // not looked at.
  void inverse(std::span<const std::complex<double>> spectra, std::span<double> signals) const;

 private:
  int size_;
};

}  // namespace ser::dsp
