#include "ser/dsp/spectral_contrast.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ser/dsp/saturate.h"
#include "ser/dsp/spectral_shape.h"

namespace ser::dsp {
namespace {

constexpr double kLowestEdgeHz = 200.0;
constexpr int kMostBands = 7;
constexpr double kQuantile = 0.02;

// Bins [first, first + count) whose extremes, `tail` of them on each side, are compared.
struct Band {
  int first = 0;
  int count = 0;
  int tail = 1;
};

// Edges belong to both of their bands; every band but the lowest begins a bin early, and every one
// but the highest ends a bin early.
std::vector<Band> bands_of(int sample_rate_hz, int fft_size) {
  const double bin_hz = bin_width_hz(sample_rate_hz, fft_size);
  const int bins = fft_size / 2 + 1;
  std::vector<Band> bands(static_cast<std::size_t>(spectral_contrast_bands(sample_rate_hz)));
  double low = 0.0;
  double high = kLowestEdgeHz;
  for (Band& band : bands) {
    const bool is_lowest = &band == &bands.front();
    const bool is_highest = &band == &bands.back();
    int first = 0;
    while (first < bins && first * bin_hz < low) ++first;
    int last = first;
    while (last < bins && (is_highest || last * bin_hz <= high)) ++last;
    if (!is_lowest && first > 0) --first;
    band.tail = std::max(1, static_cast<int>(std::nearbyint(kQuantile * (last - first))));
    band.first = first;
    band.count = is_highest ? last - first : last - first - 1;
    low = high;
    high *= 2.0;
  }
  return bands;
}

void to_db(Eigen::MatrixXf& values) {
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    values.data()[i] =
        static_cast<float>(10.0 * std::log10(std::max<double>(1e-10, values.data()[i])));
  }
  const float floor = values.maxCoeff() - 80.0F;
  values = values.cwiseMax(floor);
}

}  // namespace

int spectral_contrast_bands(int sample_rate_hz) {
  int bands = 2;
  double edge_hz = kLowestEdgeHz;
  while (bands < kMostBands && 2.0 * edge_hz < sample_rate_hz / 2.0) {
    edge_hz *= 2.0;
    ++bands;
  }
  return bands;
}

Eigen::MatrixXf spectral_contrast_db(const Eigen::MatrixXf& magnitudes, int sample_rate_hz,
                                     int fft_size) {
  const std::vector<Band> bands = bands_of(sample_rate_hz, fft_size);
  const auto rows = static_cast<Eigen::Index>(bands.size());
  Eigen::MatrixXf peaks = Eigen::MatrixXf::Zero(rows, magnitudes.cols());
  Eigen::MatrixXf valleys = peaks;
  std::vector<float> sorted;
  for (Eigen::Index frame = 0; frame < magnitudes.cols(); ++frame) {
    for (Eigen::Index row = 0; row < rows; ++row) {
      const Band& band = bands[static_cast<std::size_t>(row)];
      if (band.count < 1) continue;
      const float* const begin = magnitudes.col(frame).data() + band.first;
      sorted.assign(begin, begin + band.count);
      const int tail = std::min(band.tail, band.count);
      const auto middle = sorted.begin() + tail;
      const auto mean = [tail](auto from) {
        return saturate_to_float(std::accumulate(from, from + tail, 0.0) / tail);
      };
      std::nth_element(sorted.begin(), middle - 1, sorted.end());
      valleys(row, frame) = mean(sorted.begin());
      std::nth_element(sorted.begin(), sorted.end() - tail, sorted.end());
      peaks(row, frame) = mean(sorted.end() - tail);
    }
  }
  to_db(peaks);
  to_db(valleys);
  Eigen::MatrixXf contrast = peaks - valleys;
  for (Eigen::Index row = 0; row < rows; ++row) {
    if (bands[static_cast<std::size_t>(row)].count < 1) contrast.row(row).setZero();
  }
  return contrast;
}

}  // namespace ser::dsp
