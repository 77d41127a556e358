#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ser::dsp {

inline constexpr double kLeastRateHz = 1.0;
inline constexpr double kLargestRateHz = 1e9;

// Band-limited resampling by libsoxr in its HQ quality, as librosa's default does. Rates need not
// be whole numbers. Returns ceil(samples.size() * target_rate / source_rate) samples: what libsoxr
// gives, cut or zero-padded. The same rate returns a copy. Finite samples give finite samples,
// however large.
//
// Throws ConfigError (E_SAMPLE_RATE) for a rate outside [kLeastRateHz, kLargestRateHz], AudioError
// for a result that no memory can hold (E_AUDIO_LIMIT) or if libsoxr fails (E_AUDIO_RESAMPLE).
std::vector<float> resample(std::span<const float> samples, double source_rate_hz,
                            double target_rate_hz);

// The same of a signal that comes piece by piece, in memory that does not grow with its length.
// Samples must be finite and at most 1e6 times full scale, as those of a recording are.
class StreamResampler {
 public:
  // Throws as resample() does.
  StreamResampler(double source_rate_hz, double target_rate_hz);
  ~StreamResampler();
  StreamResampler(StreamResampler&&) noexcept;
  StreamResampler& operator=(StreamResampler&&) noexcept;

  // Appends to `result` what is known now: it comes some milliseconds behind the input.
  void push(std::span<const float> samples, std::vector<float>& result);
  // Appends the rest: in all as many samples as resample() would return.
  void finish(std::vector<float>& result);

 private:
  class Filter;
  std::unique_ptr<Filter> filter_;  // none for equal rates
  double ratio_;
  std::uint64_t taken_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace ser::dsp
