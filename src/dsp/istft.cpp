#include <algorithm>
#include <complex>
#include <cstddef>
#include <limits>

#include "ser/dsp/saturate.h"
#include "ser/dsp/stft.h"

#include "dsp/lane_fft.h"

namespace ser::dsp {
namespace {

// Adds `addend` to the part of `sum` that [start, start + addend.size()) covers. Every addition is
// rounded to float: the order of frames is part of the definition.
void overlap_add(std::span<const double> addend, std::ptrdiff_t start, std::span<float> sum) {
  const auto size = static_cast<std::ptrdiff_t>(addend.size());
  const auto total = static_cast<std::ptrdiff_t>(sum.size());
  const std::ptrdiff_t first = std::clamp<std::ptrdiff_t>(-start, 0, size);
  const std::ptrdiff_t last = std::clamp<std::ptrdiff_t>(total - start, first, size);
  float* const target = sum.data();
  const double* const source = addend.data();
  for (std::ptrdiff_t i = first; i < last; ++i) {
    target[start + i] = saturate_to_float(static_cast<double>(target[start + i]) + source[i]);
  }
}

// Divides samples by the sum of the squared windows of `frames` frames there, as far as there are
// any. That sum is made as the samples' is.
class WindowSum {
 public:
  WindowSum(std::span<const double> window, int hop_length, std::ptrdiff_t frames)
      : window_(window), hop_length_(hop_length), frames_(frames) {
    // Wherever all the frames that can cover a sample are there, the sums repeat with every hop.
    const auto size = static_cast<std::ptrdiff_t>(window.size());
    first_repeating_ = (size + hop_length - 1) / hop_length * hop_length;
    end_repeating_ = frames * hop_length;
    for (std::ptrdiff_t i = 0; i < hop_length; ++i) {
      repeating_.push_back(
          sum_at(first_repeating_ + i, std::numeric_limits<std::ptrdiff_t>::max()));
    }
  }

  // The first sample is in the middle of the first frame.
  void divide(std::span<float> samples) const {
    const auto half = static_cast<std::ptrdiff_t>(window_.size() / 2);
    const auto end = half + static_cast<std::ptrdiff_t>(samples.size());
    std::ptrdiff_t position = half;
    while (position < end) {
      const std::ptrdiff_t phase = position % hop_length_;
      const std::ptrdiff_t block = std::min(end - position, hop_length_ - phase);
      float* const block_samples = samples.data() + (position - half);
      if (position >= first_repeating_ && position < end_repeating_) {
        for (std::ptrdiff_t i = 0; i < block; ++i) {
          divide(block_samples[i], repeating_[static_cast<std::size_t>(phase + i)]);
        }
      } else {
        for (std::ptrdiff_t i = 0; i < block; ++i) {
          divide(block_samples[i], sum_at(position + i, frames_));
        }
      }
      position += block;
    }
  }

 private:
  // Counted from the start of the first frame.
  float sum_at(std::ptrdiff_t position, std::ptrdiff_t frames) const {
    const auto size = static_cast<std::ptrdiff_t>(window_.size());
    const std::ptrdiff_t first = position < size ? 0 : (position - size) / hop_length_ + 1;
    float sum = 0.0F;
    for (std::ptrdiff_t t = first; t < frames && t * hop_length_ <= position; ++t) {
      const double value = window_[static_cast<std::size_t>(position - t * hop_length_)];
      sum = static_cast<float>(static_cast<double>(sum) + value * value);
    }
    return sum;
  }

  static void divide(float& sample, float sum) {
    const float quotient = saturate(sample / sum);
    sample = sum > std::numeric_limits<float>::min() ? quotient : sample;
  }

  std::span<const double> window_;
  std::ptrdiff_t hop_length_;
  std::ptrdiff_t frames_;
  std::ptrdiff_t first_repeating_;
  std::ptrdiff_t end_repeating_;
  std::vector<float> repeating_;
};

}  // namespace

std::vector<float> Stft::inverse(const Eigen::MatrixXcf& spectrum, std::size_t length) const {
  const auto size = static_cast<std::size_t>(fft_size_);
  std::vector<float> samples(length, 0.0F);
  // Frames that start behind the end cannot be heard.
  const auto reach = static_cast<Eigen::Index>(
      (length + size / 2 * 2 + static_cast<std::size_t>(hop_length_) - 1) /
      static_cast<std::size_t>(hop_length_));
  const Eigen::Index frames = std::min(spectrum.cols(), reach);
  // An array of complex numbers is one of their parts.
  const Eigen::Map<const Eigen::MatrixXf> parts(reinterpret_cast<const float*>(spectrum.data()),
                                                2 * spectrum.rows(), spectrum.cols());
  std::vector<Lanes> values(size);
  std::vector<double> frame(size);
  for (Eigen::Index first = 0; first < frames; first += kLanes) {
    const ColumnLanes<const float> columns(parts, first);
    values[0] = to_double(columns.load(0));
    for (std::size_t i = 1; i < size; ++i) {
      values[i] = to_double(columns.load(static_cast<Eigen::Index>(i) + 1));
    }
    fft_->inverse(values);
    for (int lane = 0; lane < std::min<Eigen::Index>(kLanes, frames - first); ++lane) {
      for (std::size_t i = 0; i < size; ++i) frame[i] = values[i][lane] * window_[i];
      overlap_add(frame, (first + lane) * hop_length_ - fft_size_ / 2, samples);
    }
  }
  WindowSum(window_, hop_length_, frames).divide(samples);
  return samples;
}

}  // namespace ser::dsp
