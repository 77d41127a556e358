#include "ser/dsp/mel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "dsp/lanes.h"

namespace ser::dsp {
namespace {

constexpr double kHzPerMel = 200.0 / 3.0;
constexpr double kLogStartHz = 1000.0;
constexpr double kLogStartMel = kLogStartHz / kHzPerMel;

double log_step() { return std::log(6.4) / 27.0; }

// Frequencies of the corners of `bands` triangles that overlap by half.
std::vector<double> band_edges(int sample_rate_hz, int bands, const FrequencyWarp& warp) {
  std::vector<double> edges(static_cast<std::size_t>(bands) + 2);
  const double top = hz_to_mel(sample_rate_hz / 2.0);
  const double step = top / (bands + 1);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    edges[i] = mel_to_hz(i + 1 == edges.size() ? top : static_cast<double>(i) * step);
    edges[i] = warp.warped(edges[i], sample_rate_hz);
  }
  return edges;
}

}  // namespace

double hz_to_mel(double frequency_hz) {
  if (frequency_hz < kLogStartHz) return frequency_hz / kHzPerMel;
  return kLogStartMel + std::log(frequency_hz / kLogStartHz) / log_step();
}

double mel_to_hz(double mel) {
  if (mel < kLogStartMel) return kHzPerMel * mel;
  return kLogStartHz * std::exp(log_step() * (mel - kLogStartMel));
}

std::vector<double> mel_band_centres_hz(int sample_rate_hz, int bands) {
  const std::vector<double> edges = band_edges(sample_rate_hz, bands, {});
  return {edges.begin() + 1, edges.end() - 1};
}

MelFilterbank::MelFilterbank(int sample_rate_hz, int fft_size, int bands, const FrequencyWarp& warp)
    : bins_(fft_size / 2 + 1), bands_(static_cast<std::size_t>(bands)) {
  const std::vector<double> edges = band_edges(sample_rate_hz, bands, warp);
  const double bin_hz = 1.0 / (fft_size * (1.0 / sample_rate_hz));
  for (std::size_t i = 0; i < bands_.size(); ++i) {
    const double rise = edges[i + 1] - edges[i];
    const double fall = edges[i + 2] - edges[i + 1];
    const double scale = 2.0 / (edges[i + 2] - edges[i]);
    Band& band = bands_[i];
    band.offset = static_cast<int>(weights_.size());
    for (int bin = 0; bin < bins_; ++bin) {
      const double frequency = bin * bin_hz;
      const double triangle =
          std::min((frequency - edges[i]) / rise, (edges[i + 2] - frequency) / fall);
      if (triangle <= 0.0) continue;
      // Rounded to float before and after the scaling: the weights are defined as floats.
      const double rounded = static_cast<float>(triangle);
      if (band.count == 0) band.first_bin = bin;
      ++band.count;
      weights_.push_back(static_cast<float>(rounded * scale));
    }
  }
}

Eigen::MatrixXf MelFilterbank::dense() const {
  Eigen::MatrixXf matrix = Eigen::MatrixXf::Zero(bands(), bins_);
  for (int i = 0; i < bands(); ++i) {
    const Band& band = bands_[static_cast<std::size_t>(i)];
    for (int k = 0; k < band.count; ++k) {
      matrix(i, band.first_bin + k) = static_cast<float>(
          weights_[static_cast<std::size_t>(band.offset) + static_cast<std::size_t>(k)]);
    }
  }
  return matrix;
}

void MelFilterbank::apply_to_magnitudes(const Eigen::MatrixXf& magnitudes,
                                        Eigen::MatrixXf& result) const {
  assert(magnitudes.rows() == bins_);
  result.resize(bands(), magnitudes.cols());
  std::vector<Lanes> power(static_cast<std::size_t>(bins_));
  for (Eigen::Index first = 0; first < magnitudes.cols(); first += kLanes) {
    const ColumnLanes<const float> frames(magnitudes, first);
    for (Eigen::Index bin = 0; bin < bins_; ++bin) {
      const FloatLanes magnitude = frames.load(bin);
      power[static_cast<std::size_t>(bin)] =
          to_double(saturate_to_float(to_double(magnitude * magnitude)));
    }
    const ColumnLanes<float> columns(result, first);
    for (Eigen::Index i = 0; i < result.rows(); ++i) {
      const Band& band = bands_[static_cast<std::size_t>(i)];
      const double* const weights = weights_.data() + band.offset;
      const Lanes* const part = power.data() + band.first_bin;
      Lanes sum{};
      for (int k = 0; k < band.count; ++k) sum += weights[k] * part[k];
      columns.store(i, saturate_to_float(sum));
    }
  }
}

Eigen::MatrixXf MelFilterbank::apply_to_magnitudes(const Eigen::MatrixXf& magnitudes) const {
  Eigen::MatrixXf result;
  apply_to_magnitudes(magnitudes, result);
  return result;
}

}  // namespace ser::dsp
