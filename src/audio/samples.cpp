#include "audio/samples.h"

#include <numeric>

#include "audio/refusal.h"

namespace ser::audio {

std::int64_t make_finite(std::span<float> samples) {
  // Several are looked at together, since nearly all recordings pass.
  std::uint32_t found = 0;
  for (const float sample : samples) found |= is_sound(sample) ? 0U : 1U;
  if (found == 0) return 0;
  std::int64_t count = 0;
  for (float& sample : samples) {
    if (is_sound(sample)) continue;
    ++count;
    sample = std::isnan(sample) ? 0.0F : std::copysign(1.0F, sample);
  }
  return count;
}

void append_mean(std::span<const float> interleaved, std::size_t channels,
                 std::vector<float>& samples) {
  if (channels == 1) {
    samples.insert(samples.end(), interleaved.begin(), interleaved.end());
    return;
  }
  for (std::size_t frame = 0; frame < interleaved.size(); frame += channels) {
    const auto values = interleaved.subspan(frame, channels);
    samples.push_back(std::accumulate(values.begin(), values.end(), 0.0F) /
                      static_cast<float>(channels));
  }
}

std::string not_finite_warning(std::int64_t made_finite) {
  return "not finite: " + std::to_string(made_finite) +
         " samples were no numbers or beyond 1e6 times full scale; the former became 0, the latter "
         "-1 or 1";
}

void check_limits(const std::filesystem::path& source, int channels, std::int64_t sample_rate_hz,
                  const AudioLimits& limits) {
  if (channels > limits.max_channels) {
    throw refusal("E_AUDIO_LIMIT", source,
                  "claims " + std::to_string(channels) + " channels; at most " +
                      std::to_string(limits.max_channels) + " are read");
  }
  if (sample_rate_hz < limits.min_sample_rate_hz || sample_rate_hz > limits.max_sample_rate_hz) {
    throw refusal("E_AUDIO_LIMIT", source,
                  "claims a sample rate of " + std::to_string(sample_rate_hz) + " Hz, expected " +
                      std::to_string(limits.min_sample_rate_hz) + " to " +
                      std::to_string(limits.max_sample_rate_hz));
  }
}

}  // namespace ser::audio
