#include "ser/dsp/convolution.h"

#include <algorithm>
#include <bit>
#include <complex>
#include <cstddef>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/fft.h"
#include "ser/dsp/saturate.h"

namespace ser::dsp {

std::vector<float> convolve(std::span<const float> signal, std::span<const float> response) {
  if (signal.empty() || response.empty()) return std::vector<float>(signal.size(), 0.0F);
  // what comes later reaches no sample of the result
  const auto taps = response.first(std::min(response.size(), signal.size()));
  constexpr std::size_t kLeastSize = 1024;
  constexpr std::size_t kMostTaps = std::size_t{1} << 28;
  if (taps.size() > kMostTaps) {
    throw core::ConfigError("E_CONFIG_VALUE", "response of a convolution: at most " +
                                                  std::to_string(kMostTaps) + " samples, found " +
                                                  std::to_string(taps.size()));
  }
  const std::size_t size = std::max(kLeastSize, std::bit_ceil(2 * taps.size()));
  const std::size_t block = size - taps.size() + 1;
  const RealFft fft(static_cast<int>(size));

  std::vector<double> samples(size, 0.0);
  std::vector<std::complex<double>> transfer(static_cast<std::size_t>(fft.bins()));
  std::vector<std::complex<double>> spectrum(transfer.size());
  std::copy(taps.begin(), taps.end(), samples.begin());
  fft.forward(samples, transfer);

  std::vector<float> result(signal.size());
  std::vector<double> tail(size, 0.0);  // of the blocks before, from the current block's start
  for (std::size_t start = 0; start < signal.size(); start += block) {
    const std::size_t count = std::min(block, signal.size() - start);
    std::fill(
        std::copy_n(signal.begin() + static_cast<std::ptrdiff_t>(start), count, samples.begin()),
        samples.end(), 0.0);
    fft.forward(samples, spectrum);
    for (std::size_t bin = 0; bin < spectrum.size(); ++bin) spectrum[bin] *= transfer[bin];
    fft.inverse(spectrum, samples);
    for (std::size_t i = 0; i < size; ++i) tail[i] += samples[i];
    for (std::size_t i = 0; i < count; ++i) result[start + i] = saturate_to_float(tail[i]);
    std::fill(
        std::copy(tail.begin() + static_cast<std::ptrdiff_t>(block), tail.end(), tail.begin()),
        tail.end(), 0.0);
  }
  return result;
}

}  // namespace ser::dsp
