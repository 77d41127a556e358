#include "dsp/signals.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ser/core/random.h"

namespace ser::dsp {

std::vector<float> sine(double frequency_hz, double sample_rate_hz, std::size_t samples,
                        double amplitude) {
  std::vector<float> signal(samples);
  const double step = 2.0 * std::numbers::pi * frequency_hz / sample_rate_hz;
  for (std::size_t i = 0; i < samples; ++i) {
    signal[i] = static_cast<float>(amplitude * std::sin(step * static_cast<double>(i)));
  }
  return signal;
}

std::vector<float> noise(std::size_t samples) {
  core::RandomStream random(3);
  std::vector<float> signal(samples);
  for (float& sample : signal) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return signal;
}

double signal_to_noise_db(std::span<const float> actual, std::span<const float> expected) {
  double signal = 0.0;
  double error = 0.0;
  for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    const double difference = static_cast<double>(actual[i]) - static_cast<double>(expected[i]);
    signal += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
    error += difference * difference;
  }
  return 10.0 * std::log10(signal / error);
}

}  // namespace ser::dsp
