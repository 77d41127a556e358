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

Lanes without_traces(Lanes values) {
  return values < kLeastEnergy && values > -kLeastEnergy ? Lanes{} : values;
}

// Spectra as LaneFft packs them.
void multiply_spectra(std::span<const Lanes> a, std::span<Lanes> b) {
  b[0] *= a[0];
  std::size_t i = 1;
  for (; i + 1 < a.size(); i += 2) {
    const Lanes real = a[i] * b[i] - a[i + 1] * b[i + 1];
    b[i + 1] = a[i] * b[i + 1] + a[i + 1] * b[i];
    b[i] = real;
  }
  if (i < a.size()) b[i] *= a[i];
}

}  // namespace

YinDifference::YinDifference(int frame_length, int hop_length, int shortest_lag, int longest_lag)
    : fft_(frame_length),
      hop_length_(hop_length),
      shortest_lag_(shortest_lag),
      longest_lag_(longest_lag) {
  assert(shortest_lag >= 1 && shortest_lag < longest_lag && longest_lag < frame_length / 2);
}

void YinDifference::compute(std::span<const float> samples, std::size_t first,
                            Buffers& buffers) const {
  auto& [differences, frames, spectrum, correlation] = buffers;
  const auto size = static_cast<std::size_t>(fft_.size());
  const std::size_t window = size / 2;
  const auto total = static_cast<std::ptrdiff_t>(samples.size());
  frames.assign(size, Lanes{});
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::ptrdiff_t start =
        (static_cast<std::ptrdiff_t>(first) + lane) * hop_length_ - fft_.size() / 2;
    const auto begin = std::clamp<std::ptrdiff_t>(-start, 0, fft_.size());
    const auto end = std::clamp<std::ptrdiff_t>(total - start, begin, fft_.size());
    for (std::ptrdiff_t k = begin; k < end; ++k) {
      frames[static_cast<std::size_t>(k)][lane] = samples[static_cast<std::size_t>(start + k)];
    }
  }
  // The frame's spectrum times that of its first half in reverse is that of a correlation.
  spectrum = frames;
  fft_.forward(spectrum);
  correlation.assign(size, Lanes{});
  for (std::size_t k = 0; k < window; ++k) correlation[k] = frames[window - k];
  fft_.forward(correlation);
  multiply_spectra(spectrum, correlation);
  fft_.inverse(correlation);

  differences.resize(lags());
  Lanes energy{};
  for (std::size_t i = 1; i <= window; ++i) energy += frames[i] * frames[i];
  const Lanes first_energy = without_traces(energy);
  Lanes sum{};
  for (std::size_t lag = 1; lag <= static_cast<std::size_t>(longest_lag_); ++lag) {
    energy += frames[window + lag] * frames[window + lag] - frames[lag] * frames[lag];
    const Lanes energies = first_energy + without_traces(energy);
    Lanes difference = energies - 2.0 * without_traces(correlation[window + lag]);
    difference = difference < kRounding * energies ? Lanes{} : difference;
    sum += difference;
    if (lag >= static_cast<std::size_t>(shortest_lag_)) {
      differences[lag - static_cast<std::size_t>(shortest_lag_)] =
          difference / (sum / static_cast<double>(lag) + std::numeric_limits<double>::min());
    }
  }
}

}  // namespace ser::dsp
