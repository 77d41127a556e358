#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ser/audio/load.h"

// What all samples go through, wherever they come from.
namespace ser::audio {

// Finite samples beyond this are as meaningless as infinite ones: 120 dB above full scale, and
// their squares no longer add up in single precision.
constexpr float kLargestSample = 1e6F;

inline bool is_sound(float sample) { return std::abs(sample) <= kLargestSample; }

// Samples that are no numbers become 0, others that are no sound -1 or 1. Returns how many had to
// be changed.
std::int64_t make_finite(std::span<float> samples);
// Tells of them.
std::string not_finite_warning(std::int64_t made_finite);

// As mean_of_channels() says.
void append_mean(std::span<const float> interleaved, std::size_t channels,
                 std::vector<float>& samples);

// Throws AudioError (E_AUDIO_LIMIT) for what the source claims.
void check_limits(const std::filesystem::path& source, int channels, std::int64_t sample_rate_hz,
                  const AudioLimits& limits);

}  // namespace ser::audio
