#include "dsp/yin_difference.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace ser::dsp {
namespace {

// Smaller energies and correlations count as zero, as in librosa.
constexpr double kLeastEnergy = 1e-6;
// Differences that are nothing but the rounding of the transforms, relative to the energies.
constexpr double kRounding = 1e-12;

double without_traces(double value) { return std::abs(value) < kLeastEnergy ? 0.0 : value; }

}  // namespace

YinDifference::YinDifference(int frame_length, int hop_length, int shortest_lag, int longest_lag)
    : fft_(frame_length),
      hop_length_(hop_length),
      shortest_lag_(shortest_lag),
      longest_lag_(longest_lag) {
  assert(shortest_lag >= 1 && shortest_lag < longest_lag && longest_lag < frame_length / 2);
}

void YinDifference::compute(std::span<const float> samples, std::size_t first, std::size_t count,
                            std::vector<double>& differences) const {
  const auto size = static_cast<std::size_t>(fft_.size());
  const auto bins = static_cast<std::size_t>(fft_.bins());
  const std::size_t window = size / 2;
  // Each frame is followed by its first half in reverse, so that the product of their spectra is
  // that of a correlation.
  std::vector<double> signals(2 * count * size, 0.0);
  const auto total = static_cast<std::ptrdiff_t>(samples.size());
  for (std::size_t i = 0; i < count; ++i) {
    double* const frame = signals.data() + 2 * i * size;
    const std::ptrdiff_t start = static_cast<std::ptrdiff_t>(first + i) * hop_length_ -
                                 static_cast<std::ptrdiff_t>(size / 2);
    const auto begin = std::clamp<std::ptrdiff_t>(-start, 0, fft_.size());
    const auto end = std::clamp<std::ptrdiff_t>(total - start, begin, fft_.size());
    for (std::ptrdiff_t k = begin; k < end; ++k) {
      frame[k] = samples[static_cast<std::size_t>(start + k)];
    }
    double* const reversed = frame + size;
    for (std::size_t k = 0; k < window; ++k) reversed[k] = frame[window - k];
  }
  std::vector<std::complex<double>> spectra(2 * count * bins);
  fft_.forward(signals, spectra);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const auto a = spectra[2 * i * bins + bin];
      const auto b = spectra[(2 * i + 1) * bins + bin];
      // written out, since the library's product looks for infinities
      spectra[i * bins + bin] = {a.real() * b.real() - a.imag() * b.imag(),
                                 a.real() * b.imag() + a.imag() * b.real()};
    }
  }
  std::vector<double> correlations(count * size);
  fft_.inverse(std::span(spectra).first(count * bins), correlations);
  differences.resize(count * lags());
  for (std::size_t i = 0; i < count; ++i) {
    difference(signals.data() + 2 * i * size, correlations.data() + i * size + window,
               differences.data() + i * lags());
  }
}

void YinDifference::difference(const double* frame, const double* correlation,
                               double* target) const {
  const int window = fft_.size() / 2;
  double energy = 0.0;
  for (int i = 1; i <= window; ++i) energy += frame[i] * frame[i];
  const double first_energy = without_traces(energy);
  double sum = 0.0;
  for (int lag = 1; lag <= longest_lag_; ++lag) {
    energy += frame[window + lag] * frame[window + lag] - frame[lag] * frame[lag];
    const double energies = first_energy + without_traces(energy);
    double difference = energies - 2.0 * without_traces(correlation[lag]);
    if (difference < kRounding * energies) difference = 0.0;
    sum += difference;
    if (lag >= shortest_lag_) {
      target[lag - shortest_lag_] = difference / (sum / lag + std::numeric_limits<double>::min());
    }
  }
}

}  // namespace ser::dsp
