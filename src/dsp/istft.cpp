#include <algorithm>
#include <complex>
#include <limits>

#include "ser/dsp/saturate.h"
#include "ser/dsp/stft.h"

#include "dsp/frame_batch.h"

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

}  // namespace

std::vector<float> Stft::inverse(const Eigen::MatrixXcf& spectrum, std::size_t length) const {
  const auto size = static_cast<std::size_t>(fft_size());
  const auto bin_count = static_cast<std::size_t>(bins());
  std::vector<float> samples(length, 0.0F);
  std::vector<float> window_sum(length, 0.0F);
  std::vector<double> squared_window(window_);
  for (double& value : squared_window) value *= value;

  // Frames that start behind the end cannot be heard.
  const auto reach = static_cast<Eigen::Index>(
      (length + size / 2 * 2 + static_cast<std::size_t>(hop_length_) - 1) /
      static_cast<std::size_t>(hop_length_));
  const Eigen::Index frames = std::min(spectrum.cols(), reach);
  const Eigen::Index batch =
      std::min(frame_batch_size(fft_size()), std::max<Eigen::Index>(frames, 1));
  std::vector<std::complex<double>> spectra(static_cast<std::size_t>(batch) * bin_count);
  std::vector<double> signals(static_cast<std::size_t>(batch) * size);
  for (Eigen::Index first = 0; first < frames; first += batch) {
    const auto count = static_cast<std::size_t>(std::min(batch, frames - first));
    const std::complex<float>* const source = spectrum.col(first).data();
    for (std::size_t i = 0; i < count * bin_count; ++i) spectra[i] = source[i];
    fft_.inverse(std::span(spectra).first(count * bin_count),
                 std::span(signals).first(count * size));
    for (std::size_t i = 0; i < count; ++i) {
      const auto frame = std::span(signals).subspan(i * size, size);
      for (std::size_t k = 0; k < size; ++k) frame[k] *= window_[k];
      const std::ptrdiff_t centre = (first + static_cast<std::ptrdiff_t>(i)) * hop_length_;
      const std::ptrdiff_t start = centre - fft_size() / 2;
      overlap_add(frame, start, samples);
      overlap_add(squared_window, start, window_sum);
    }
  }
  for (std::size_t i = 0; i < length; ++i) {
    if (window_sum[i] > std::numeric_limits<float>::min()) {
      samples[i] = saturate(samples[i] / window_sum[i]);
    }
  }
  return samples;
}

}  // namespace ser::dsp
