#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <span>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "ser/augment/augmentation.h"

namespace ser::augment {

inline constexpr int kRateHz = 16000;

inline audio::Waveform apply(std::string_view kind, const std::string& parameters,
                             const audio::Waveform& input, std::uint64_t seed = 1) {
  return make_augmentation(kind, core::parse_json(parameters, "test"))
      ->apply(input, core::RandomStream(seed));
}

inline audio::Waveform tone(double frequency_hz, int length) {
  audio::Waveform waveform{{}, kRateHz};
  for (int i = 0; i < length; ++i) {
    waveform.samples.push_back(
        static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * frequency_hz * i / kRateHz)));
  }
  return waveform;
}

// 1 at `position`, nothing elsewhere.
inline audio::Waveform impulse(std::size_t position, std::size_t length) {
  audio::Waveform waveform{std::vector<float>(length, 0.0F), kRateHz};
  waveform.samples[position] = 1.0F;
  return waveform;
}

// From the times of the first and the last rise through 0, away from the ends.
inline double frequency_of(const audio::Waveform& waveform) {
  const auto& x = waveform.samples;
  std::size_t first = 0;
  std::size_t last = 0;
  int periods = -1;
  for (std::size_t i = 4000; i + 4000 < x.size(); ++i) {
    if (x[i - 1] >= 0.0F || x[i] < 0.0F) continue;
    if (++periods == 0) first = i;
    last = i;
  }
  return periods * static_cast<double>(kRateHz) / static_cast<double>(last - first);
}

inline double energy_of(std::span<const float> samples) {
  double sum = 0.0;
  for (const double sample : samples) sum += sample * sample;
  return sum;
}

// output - input, sample by sample; they are of one length.
inline std::vector<float> difference(const audio::Waveform& output, const audio::Waveform& input) {
  std::vector<float> result(input.samples.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = output.samples.at(i) - input.samples[i];
  }
  return result;
}

// The energy of the samples over that of what was added to them, in decibels.
inline double signal_to_noise_db(const audio::Waveform& output, const audio::Waveform& input) {
  return 10.0 * std::log10(energy_of(input.samples) / energy_of(difference(output, input)));
}

// That draw(seed) is drawn from all of the range and nothing else: 50 uniform draws miss the outer
// tenth at one end with a probability of 0.005, and these seeds do not.
inline void expect_draws_from(double least, double most,
                              const std::function<double(std::uint64_t)>& draw) {
  double lowest = draw(0);
  double highest = lowest;
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    lowest = std::min(lowest, draw(seed));
    highest = std::max(highest, draw(seed));
  }
  const double rounding = 1e-4 * (most - least);
  EXPECT_GE(lowest, least - rounding);
  EXPECT_LE(lowest, least + 0.1 * (most - least));
  EXPECT_GE(highest, most - 0.1 * (most - least));
  EXPECT_LE(highest, most + rounding);
}

}  // namespace ser::augment
