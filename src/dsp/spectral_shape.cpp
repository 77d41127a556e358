#include "ser/dsp/spectral_shape.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace ser::dsp {
namespace {

constexpr double kLeastPower = 1e-10;

double sum_of(std::span<const float> magnitudes) {
  double sum = 0.0;
  for (const float magnitude : magnitudes) sum += magnitude;
  // What is smaller counts as silence: it cannot be divided by.
  return sum < std::numeric_limits<float>::min() ? 0.0 : sum;
}

double length_of(std::span<const float> magnitudes) {
  double sum = 0.0;
  for (const float magnitude : magnitudes) sum += static_cast<double>(magnitude) * magnitude;
  return std::sqrt(sum);
}

double power_of(float magnitude) {
  return std::max(kLeastPower, static_cast<double>(magnitude) * magnitude);
}

}  // namespace

double bin_width_hz(int sample_rate_hz, int fft_size) {
  return 1.0 / (fft_size * (1.0 / sample_rate_hz));
}

double spectral_centroid_hz(std::span<const float> magnitudes, double bin_hz) {
  const double total = sum_of(magnitudes);
  if (total == 0.0) return 0.0;
  double sum = 0.0;
  for (std::size_t bin = 0; bin < magnitudes.size(); ++bin) {
    // shares are floats in librosa
    sum += static_cast<double>(bin) * bin_hz * static_cast<float>(magnitudes[bin] / total);
  }
  return sum;
}

double spectral_bandwidth_hz(std::span<const float> magnitudes, double bin_hz, double centroid_hz) {
  const double total = sum_of(magnitudes);
  if (total == 0.0) return 0.0;
  double sum = 0.0;
  for (std::size_t bin = 0; bin < magnitudes.size(); ++bin) {
    const double deviation = static_cast<double>(bin) * bin_hz - centroid_hz;
    sum += static_cast<float>(magnitudes[bin] / total) * deviation * deviation;
  }
  return std::sqrt(sum);
}

double spectral_rolloff_hz(std::span<const float> magnitudes, double bin_hz) {
  float total = 0.0F;
  for (const float magnitude : magnitudes) total += magnitude;
  const float threshold = 0.85F * total;
  float sum = 0.0F;
  for (std::size_t bin = 0; bin < magnitudes.size(); ++bin) {
    sum += magnitudes[bin];
    if (sum >= threshold) return static_cast<double>(bin) * bin_hz;
  }
  return 0.0;
}

double spectral_flatness(std::span<const float> magnitudes) {
  double logarithms = 0.0;
  double powers = 0.0;
  for (const float magnitude : magnitudes) {
    const double power = power_of(magnitude);
    logarithms += std::log(power);
    powers += power;
  }
  const auto count = static_cast<double>(magnitudes.size());
  return std::exp(logarithms / count) / (powers / count);
}

double spectral_slope_db_per_khz(std::span<const float> magnitudes, double bin_hz, double low_hz,
                                 double high_hz) {
  const auto first = static_cast<std::size_t>(std::ceil(low_hz / bin_hz));
  const auto last = std::min(static_cast<std::size_t>(high_hz / bin_hz) + 1, magnitudes.size());
  if (last < first + 2) return 0.0;
  // frequencies are counted from the middle of the band, in kHz, so that their sum is 0
  const double middle = static_cast<double>(first + last - 1) / 2.0;
  double products = 0.0;
  double squares = 0.0;
  for (std::size_t bin = first; bin < last; ++bin) {
    const double frequency_khz = (static_cast<double>(bin) - middle) * bin_hz / 1000.0;
    products += frequency_khz * 10.0 * std::log10(power_of(magnitudes[bin]));
    squares += frequency_khz * frequency_khz;
  }
  return products / squares;
}

double spectral_flux(std::span<const float> previous, std::span<const float> magnitudes) {
  assert(previous.size() == magnitudes.size());
  const double previous_length = length_of(previous);
  const double length = length_of(magnitudes);
  if (previous_length == 0.0 || length == 0.0) return 0.0;
  double sum = 0.0;
  for (std::size_t bin = 0; bin < magnitudes.size(); ++bin) {
    const double difference = magnitudes[bin] / length - previous[bin] / previous_length;
    sum += difference * difference;
  }
  return sum;
}

}  // namespace ser::dsp
