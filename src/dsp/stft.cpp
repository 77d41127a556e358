#include "ser/dsp/stft.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"
#include "ser/dsp/window.h"

#include "dsp/lane_fft.h"

namespace ser::dsp {
namespace {

// Writes windowed frames, which start at `starts`, to `values`.
template <class SampleAt>
void fill_lanes(const std::array<std::ptrdiff_t, kLanes>& starts, std::span<const double> window,
                const SampleAt& sample_at, Lanes* values) {
  const auto size = static_cast<std::ptrdiff_t>(window.size());
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const auto samples = float_lanes([&](std::size_t lane) { return sample_at(starts[lane] + i); });
    values[i] = window[static_cast<std::size_t>(i)] * to_double(samples);
  }
}

// Calls consume(first frame, packed spectra) for kLanes frames at a time; behind the last frame it
// is repeated.
template <class Consume>
void for_each_group(std::span<const float> samples, const LaneFft& fft,
                    std::span<const double> window, int hop_length, Eigen::Index frames,
                    const Consume& consume) {
  const auto total = static_cast<std::ptrdiff_t>(samples.size());
  const float* const source = samples.data();
  const auto inside = [&](std::ptrdiff_t i) { return source[i]; };
  const auto padded = [&](std::ptrdiff_t i) { return i >= 0 && i < total ? source[i] : 0.0F; };
  std::vector<Lanes> values(window.size());
  std::array<std::ptrdiff_t, kLanes> starts;
  for (Eigen::Index first = 0; first < frames; first += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      starts[static_cast<std::size_t>(lane)] =
          std::min(first + lane, frames - 1) * hop_length - fft.size() / 2;
    }
    if (starts.front() >= 0 && starts.back() + fft.size() <= total) {
      fill_lanes(starts, window, inside, values.data());
    } else {
      fill_lanes(starts, window, padded, values.data());
    }
    fft.forward(values);
    consume(first, std::span<const Lanes>(values));
  }
}

}  // namespace

Stft::Stft(int fft_size, int hop_length)
    : fft_(std::make_shared<const LaneFft>(fft_size)),
      fft_size_(fft_size),
      hop_length_(hop_length),
      window_(hann_window(fft_size)) {
  if (hop_length < 1) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "hop_length: must be at least 1, is " + std::to_string(hop_length));
  }
}

Eigen::Index Stft::frames(std::size_t samples) const {
  return 1 + static_cast<Eigen::Index>(samples / static_cast<std::size_t>(hop_length_));
}

Eigen::MatrixXcf Stft::transform(std::span<const float> samples) const {
  Eigen::MatrixXcf result(bins(), frames(samples.size()));
  // An array of complex numbers is one of their parts. In it, the spectrum is no longer packed.
  Eigen::Map<Eigen::MatrixXf> parts(reinterpret_cast<float*>(result.data()), 2 * result.rows(),
                                    result.cols());
  for_each_group(samples, *fft_, window_, hop_length_, result.cols(),
                 [&](Eigen::Index first, std::span<const Lanes> values) {
                   const ColumnLanes<float> columns(parts, first);
                   columns.store(0, saturate_to_float(values[0]));
                   columns.store(1, FloatLanes{});
                   for (std::size_t i = 1; i < values.size(); ++i) {
                     columns.store(static_cast<Eigen::Index>(i) + 1, saturate_to_float(values[i]));
                   }
                   if (fft_size_ % 2 == 0) columns.store(parts.rows() - 1, FloatLanes{});
                 });
  return result;
}

void Stft::magnitudes(std::span<const float> samples, Eigen::MatrixXf& result) const {
  result.resize(bins(), frames(samples.size()));
  // The parts are rounded to float first, as in a stored spectrum; their squares are exact in
  // double, so this equals the C library's hypotf. Parts that float cannot hold become infinite and
  // their magnitudes the largest float.
  const auto square = [](Lanes part) {
    const Lanes rounded = to_double(round_to_float(part));
    return rounded * rounded;
  };
  for_each_group(samples, *fft_, window_, hop_length_, result.cols(),
                 [&](Eigen::Index first, std::span<const Lanes> values) {
                   const ColumnLanes<float> columns(result, first);
                   const auto store = [&](Eigen::Index bin, Lanes power) {
                     columns.store(bin, saturate_to_float(square_root(power)));
                   };
                   store(0, square(values[0]));
                   std::size_t i = 1;
                   for (; i + 1 < values.size(); i += 2) {
                     store(static_cast<Eigen::Index>(i + 1) / 2,
                           square(values[i]) + square(values[i + 1]));
                   }
                   if (i < values.size()) store(result.rows() - 1, square(values[i]));
                 });
}

Eigen::MatrixXf Stft::magnitudes(std::span<const float> samples) const {
  Eigen::MatrixXf result;
  magnitudes(samples, result);
  return result;
}

}  // namespace ser::dsp
