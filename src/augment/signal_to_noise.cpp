#include "ser/augment/signal_to_noise.h"

#include <cassert>
#include <cmath>
#include <cstddef>

namespace ser::augment {
namespace {

double energy(std::span<const float> samples) {
  double sum = 0.0;
  for (const double sample : samples) sum += sample * sample;
  return sum;
}

}  // namespace

void add_noise(std::span<float> samples, std::span<const float> noise, double ratio_db) {
  assert(samples.size() == noise.size());
  const double signal_energy = energy(samples);
  const double noise_energy = energy(noise);
  if (signal_energy == 0.0 || noise_energy == 0.0) return;
  const double scale =
      std::sqrt(signal_energy) / std::sqrt(noise_energy) * std::pow(10.0, -ratio_db / 20.0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(samples[i] + scale * noise[i]);
  }
}

}  // namespace ser::augment
