#include "ser/dsp/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>

#include <Eigen/Core>
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
  const Eigen::Map<const Eigen::ArrayXf> values(samples.data(),
                                                static_cast<Eigen::Index>(samples.size()));
  const float peak = values.abs().maxCoeff();
  return peak > 0x1p100F ? 0x1p-28F : 1.0F;
}

struct SoxrDelete {
  void operator()(soxr* resampler) const { soxr_delete(resampler); }
};

std::vector<float> run_soxr(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz, std::size_t length) {
  // Taken and given back in blocks that fit into a processor's cache. In one piece, libsoxr would
  // hold several copies of the whole signal.
  constexpr std::size_t kBlock = 8192;
  const auto check = [&](soxr_error_t error) {
    if (error == nullptr) return;
    throw core::AudioError("E_AUDIO_RESAMPLE",
                           "cannot resample from " + std::to_string(source_rate_hz) + " to " +
                               std::to_string(target_rate_hz) + " Hz: " + error);
  };
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_io_spec_t format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  const std::unique_ptr<soxr, SoxrDelete> resampler(
      soxr_create(source_rate_hz, target_rate_hz, 1, &error, &format, &quality, &runtime));
  check(error);
  std::vector<float> result(length, 0.0F);
  std::span<float> left(result);
  while (!left.empty()) {
    // no input says that there will be no more
    const std::span<const float> input = samples.first(std::min(kBlock, samples.size()));
    std::size_t taken = 0;
    std::size_t given = 0;
    check(soxr_process(resampler.get(), input.empty() ? nullptr : input.data(), input.size(),
                       &taken, left.data(), std::min(kBlock, left.size()), &given));
    if (samples.empty() && given == 0) break;
    samples = samples.subspan(taken);
    left = left.subspan(given);
  }
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
