#include "ser/dsp/fft.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::dsp {
namespace {

using DoubleComplex = std::complex<double>;

// The definition, term by term.
std::vector<DoubleComplex> slow_transform(const std::vector<double>& signal) {
  const std::size_t size = signal.size();
  std::vector<DoubleComplex> spectrum(size / 2 + 1);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    for (std::size_t n = 0; n < size; ++n) {
      const auto turns = static_cast<double>(k * n % size) / static_cast<double>(size);
      spectrum[k] += signal[n] * std::polar(1.0, -2.0 * std::numbers::pi * turns);
    }
  }
  return spectrum;
}

std::vector<double> some_signal(std::size_t size) {
  std::vector<double> signal(size);
  for (std::size_t i = 0; i < size; ++i) signal[i] = std::sin(static_cast<double>(i * i));
  return signal;
}

TEST(RealFft, CosineOfABinIsInThatBinAlone) {
  constexpr int kSize = 64;
  std::vector<double> signal(kSize);
  for (int i = 0; i < kSize; ++i) {
    signal[static_cast<std::size_t>(i)] = std::cos(2.0 * std::numbers::pi * 5 * i / kSize);
  }
  const RealFft fft(kSize);
  std::vector<DoubleComplex> spectrum(static_cast<std::size_t>(fft.bins()));
  fft.forward(signal, spectrum);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    EXPECT_NEAR(std::abs(spectrum[k] - DoubleComplex(k == 5 ? kSize / 2.0 : 0.0)), 0.0, 1e-12) << k;
  }
}

TEST(RealFft, EqualsTheDefinitionForAnySize) {
  for (const int size : {2, 3, 4, 5, 16, 30, 97, 128, 211}) {
    const RealFft fft(size);
    const auto signal = some_signal(static_cast<std::size_t>(size));
    std::vector<DoubleComplex> spectrum(static_cast<std::size_t>(fft.bins()));
    fft.forward(signal, spectrum);
    const auto expected = slow_transform(signal);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_NEAR(std::abs(spectrum[k] - expected[k]), 0.0, 1e-11) << size << " " << k;
    }
    std::vector<double> back(signal.size());
    fft.inverse(spectrum, back);
    for (std::size_t i = 0; i < signal.size(); ++i) EXPECT_NEAR(back[i], signal[i], 1e-13);
  }
}

TEST(RealFft, TransformsSeveralSignalsAtOnce) {
  constexpr int kSize = 48;
  constexpr std::size_t kCount = 7;  // more than one vector register, and a rest
  const RealFft fft(kSize);
  const auto bins = static_cast<std::size_t>(fft.bins());
  const auto signals = some_signal(kSize * kCount);
  std::vector<DoubleComplex> spectra(bins * kCount);
  fft.forward(signals, spectra);
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::vector<double> one(signals.begin() + static_cast<std::ptrdiff_t>(i * kSize),
                                  signals.begin() + static_cast<std::ptrdiff_t>((i + 1) * kSize));
    const auto expected = slow_transform(one);
    for (std::size_t k = 0; k < bins; ++k) {
      EXPECT_NEAR(std::abs(spectra[i * bins + k] - expected[k]), 0.0, 1e-12);
    }
  }
}

TEST(RealFft, RefusesSizesBelowTwo) {
  EXPECT_THROW(RealFft(1), core::ConfigError);
  EXPECT_THROW(RealFft(-4), core::ConfigError);
}

}  // namespace
}  // namespace ser::dsp
