#include "ser/dsp/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <soxr.h>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"

namespace ser::dsp {
namespace {

void check_rate(double rate_hz, const char* name) {
  // written so that NaN fails
  if (!(rate_hz >= kLeastRateHz && rate_hz <= kLargestRateHz)) {
    throw core::ConfigError("E_SAMPLE_RATE", std::string(name) +
                                                 ": must lie between 1 Hz and 1 GHz, is " +
                                                 std::to_string(rate_hz) + " Hz");
  }
}

// The filter works in float. Numbers near float's end would overflow inside, so they are scaled
// down by a power of two, which loses nothing.
float headroom_scale(std::span<const float> samples) {
  float peak = 0.0F;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  return peak > 0x1p100F ? 0x1p-28F : 1.0F;
}

std::vector<float> run_soxr(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz, std::size_t length) {
  std::vector<float> result(length);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_io_spec_t format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  std::size_t written = 0;
  const soxr_error_t error =
      soxr_oneshot(source_rate_hz, target_rate_hz, 1, samples.data(), samples.size(), nullptr,
                   result.data(), result.size(), &written, &format, &quality, &runtime);
  if (error != nullptr) {
    throw core::AudioError("E_AUDIO_RESAMPLE",
                           "cannot resample from " + std::to_string(source_rate_hz) + " to " +
                               std::to_string(target_rate_hz) + " Hz: " + error);
  }
  std::fill(result.begin() + static_cast<std::ptrdiff_t>(std::min(written, length)), result.end(),
            0.0F);
  return result;
}

}  // namespace

std::vector<float> resample(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz) {
  check_rate(source_rate_hz, "source rate");
  check_rate(target_rate_hz, "target rate");
  if (source_rate_hz == target_rate_hz || samples.empty()) return {samples.begin(), samples.end()};
  const double ratio = target_rate_hz / source_rate_hz;
  const double length = std::ceil(static_cast<double>(samples.size()) * ratio);
  std::vector<float> result;
  if (!(length <= static_cast<double>(result.max_size()))) {
    throw core::AudioError("E_AUDIO_LIMIT", "resampling " + std::to_string(samples.size()) +
                                                " samples from " + std::to_string(source_rate_hz) +
                                                " to " + std::to_string(target_rate_hz) +
                                                " Hz gives more than memory can hold");
  }
  const float scale = headroom_scale(samples);
  if (scale == 1.0F) {
    return run_soxr(samples, source_rate_hz, target_rate_hz, static_cast<std::size_t>(length));
  }
  std::vector<float> scaled(samples.begin(), samples.end());
  for (float& sample : scaled) sample *= scale;
  result = run_soxr(scaled, source_rate_hz, target_rate_hz, static_cast<std::size_t>(length));
  for (float& sample : result) sample = saturate(sample / scale);
  return result;
}

}  // namespace ser::dsp
