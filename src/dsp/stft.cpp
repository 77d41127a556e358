#include "ser/dsp/stft.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"
#include "ser/dsp/window.h"

#include "dsp/frame_batch.h"

namespace ser::dsp {
namespace {

using Complex = std::complex<double>;

// Writes the windowed samples [start, start + window.size()) to `frame`, zeros where there are
// none.
void fill_frame(std::span<const float> samples, std::ptrdiff_t start,
                std::span<const double> window, double* frame) {
  const auto size = static_cast<std::ptrdiff_t>(window.size());
  const auto total = static_cast<std::ptrdiff_t>(samples.size());
  const std::ptrdiff_t first = std::clamp<std::ptrdiff_t>(-start, 0, size);
  const std::ptrdiff_t last = std::clamp<std::ptrdiff_t>(total - start, first, size);
  std::fill(frame, frame + first, 0.0);
  const float* const source = samples.data();
  for (std::ptrdiff_t i = first; i < last; ++i) {
    frame[i] = window[static_cast<std::size_t>(i)] * static_cast<double>(source[start + i]);
  }
  std::fill(frame + last, frame + size, 0.0);
}

// Calls consume(first frame, number of frames, their spectra behind each other) for batches of
// frames.
template <class Consume>
void for_each_batch(std::span<const float> samples, const RealFft& fft,
                    std::span<const double> window, int hop_length, Eigen::Index frames,
                    const Consume& consume) {
  const auto size = static_cast<std::size_t>(fft.size());
  const auto bins = static_cast<std::size_t>(fft.bins());
  const Eigen::Index batch = std::min(frame_batch_size(fft.size()), frames);
  std::vector<double> signals(static_cast<std::size_t>(batch) * size);
  std::vector<Complex> spectra(static_cast<std::size_t>(batch) * bins);
  for (Eigen::Index first = 0; first < frames; first += batch) {
    const auto count = static_cast<std::size_t>(std::min(batch, frames - first));
    for (std::size_t i = 0; i < count; ++i) {
      const std::ptrdiff_t centre = (first + static_cast<std::ptrdiff_t>(i)) * hop_length;
      fill_frame(samples, centre - fft.size() / 2, window, signals.data() + i * size);
    }
    fft.forward(std::span(signals).first(count * size), std::span(spectra).first(count * bins));
    consume(first, static_cast<Eigen::Index>(count), spectra.data());
  }
}

}  // namespace

Stft::Stft(int fft_size, int hop_length)
    : fft_(fft_size), hop_length_(hop_length), window_(hann_window(fft_size)) {
  if (hop_length < 1) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "hop_length: must be at least 1, is " + std::to_string(hop_length));
  }
}

Eigen::Index Stft::frames(std::size_t samples) const {
  return 1 + static_cast<Eigen::Index>(samples / static_cast<std::size_t>(hop_length_));
}

Eigen::MatrixXcf Stft::transform(std::span<const float> samples) const {
  const Eigen::Index count = frames(samples.size());
  Eigen::MatrixXcf result(bins(), count);
  for_each_batch(
      samples, fft_, window_, hop_length_, count,
      [&](Eigen::Index first, Eigen::Index batch, const Complex* spectra) {
        std::complex<float>* const target = result.col(first).data();
        for (Eigen::Index i = 0; i < batch * bins(); ++i) {
          target[i] = {saturate_to_float(spectra[i].real()), saturate_to_float(spectra[i].imag())};
        }
      });
  return result;
}

Eigen::MatrixXf Stft::magnitudes(std::span<const float> samples) const {
  const Eigen::Index count = frames(samples.size());
  Eigen::MatrixXf result(bins(), count);
  for_each_batch(samples, fft_, window_, hop_length_, count,
                 [&](Eigen::Index first, Eigen::Index batch, const Complex* spectra) {
                   float* const target = result.col(first).data();
                   for (Eigen::Index i = 0; i < batch * bins(); ++i) {
                     // The parts are rounded to float first, as in a stored spectrum; their squares
                     // are exact in double, so this equals the C library's hypotf.
                     const double re = saturate_to_float(spectra[i].real());
                     const double im = saturate_to_float(spectra[i].imag());
                     target[i] = saturate_to_float(std::sqrt(re * re + im * im));
                   }
                 });
  return result;
}

}  // namespace ser::dsp
