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

// Taken and given back in blocks that fit into a processor's cache. In one piece, libsoxr would
// hold several copies of the whole signal.
constexpr std::size_t kBlock = 8192;

}  // namespace

class StreamResampler::Filter {
 public:
  Filter(double source_rate_hz, double target_rate_hz)
      : source_rate_hz_(source_rate_hz), target_rate_hz_(target_rate_hz) {
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    const soxr_io_spec_t format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    soxr_error_t error = nullptr;
    resampler_.reset(
        soxr_create(source_rate_hz, target_rate_hz, 1, &error, &format, &quality, &runtime));
    check(error);
  }

  // Takes from `input` and gives to the start of `output`; returns how many were given. No input
  // says that there will be no more.
  std::size_t process(std::span<const float>& input, std::span<float> output) {
    const std::span<const float> block = input.first(std::min(kBlock, input.size()));
    std::size_t taken = 0;
    std::size_t given = 0;
    check(soxr_process(resampler_.get(), block.empty() ? nullptr : block.data(), block.size(),
                       &taken, output.data(), std::min(kBlock, output.size()), &given));
    input = input.subspan(taken);
    return given;
  }

 private:
  void check(soxr_error_t error) const {
    if (error == nullptr) return;
    throw core::AudioError("E_AUDIO_RESAMPLE",
                           "cannot resample from " + std::to_string(source_rate_hz_) + " to " +
                               std::to_string(target_rate_hz_) + " Hz: " + error);
  }

  double source_rate_hz_;
  double target_rate_hz_;
  std::unique_ptr<soxr, SoxrDelete> resampler_;
};

StreamResampler::StreamResampler(double source_rate_hz, double target_rate_hz)
    : ratio_(target_rate_hz / source_rate_hz) {
  check_rate(source_rate_hz, "source rate");
  check_rate(target_rate_hz, "target rate");
  if (source_rate_hz != target_rate_hz) {
    filter_ = std::make_unique<Filter>(source_rate_hz, target_rate_hz);
  }
}

StreamResampler::~StreamResampler() = default;
StreamResampler::StreamResampler(StreamResampler&&) noexcept = default;
StreamResampler& StreamResampler::operator=(StreamResampler&&) noexcept = default;

void StreamResampler::push(std::span<const float> samples, std::vector<float>& result) {
  taken_ += samples.size();
  if (!filter_) {
    result.insert(result.end(), samples.begin(), samples.end());
    return;
  }
  while (!samples.empty()) {
    const std::size_t begin = result.size();
    result.resize(begin + kBlock);
    const std::size_t given = filter_->process(samples, std::span(result).subspan(begin));
    result.resize(begin + given);
    given_ += given;
  }
}

void StreamResampler::finish(std::vector<float>& result) {
  if (!filter_) return;
  const auto length = static_cast<std::uint64_t>(std::ceil(static_cast<double>(taken_) * ratio_));
  std::span<const float> none;
  while (given_ < length) {
    const std::size_t begin = result.size();
    result.resize(
        begin + static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, length - given_)), 0.0F);
    const std::size_t given = filter_->process(none, std::span(result).subspan(begin));
    // what libsoxr does not give stays zero
    if (given > 0) result.resize(begin + given);
    given_ += result.size() - begin;
  }
  // more than the length comes only of rounding
  result.resize(result.size() - std::min<std::size_t>(result.size(), given_ - length));
}

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
  std::vector<float> scaled;
  if (scale != 1.0F) {
    scaled.assign(samples.begin(), samples.end());
    for (float& sample : scaled) sample *= scale;
    samples = scaled;
  }
  result.reserve(static_cast<std::size_t>(length) + kBlock);
  StreamResampler resampler(source_rate_hz, target_rate_hz);
  resampler.push(samples, result);
  resampler.finish(result);
  if (scale != 1.0F) {
    for (float& sample : result) sample = saturate(sample / scale);
  }
  return result;
}

}  // namespace ser::dsp
