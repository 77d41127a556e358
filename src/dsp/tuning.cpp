#include "ser/dsp/tuning.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace ser::dsp {
namespace {

struct TonalPeak {
  float frequency_hz;
  float magnitude;
};

// Where the parabola through three neighbouring values has its summit, in bins from the middle one.
// The mixture of precisions is part of the definition: a bin of the histogram depends on the last
// bit.
float parabolic_offset(float left, float middle, float right) {
  const double curvature = static_cast<double>(left + right) - 2.0 * static_cast<double>(middle);
  const double slope = static_cast<double>(right - left) / 2.0;
  if (std::abs(slope) >= std::abs(curvature)) return 0.0F;
  return static_cast<float>(-slope / curvature);
}

struct BinRange {
  Eigen::Index first;
  Eigen::Index end;
};

// The bins with a neighbour on both sides whose frequency may be a pitch's.
BinRange pitch_bins(int sample_rate_hz, int fft_size, Eigen::Index bins) {
  constexpr double kLowestHz = 150.0;
  const double end_hz = std::min(4000.0, sample_rate_hz / 2.0);
  const double bin_hz = 1.0 / (fft_size * (1.0 / sample_rate_hz));
  BinRange range{1, 1};
  while (range.first < bins - 1 && static_cast<double>(range.first) * bin_hz < kLowestHz) {
    ++range.first;
  }
  range.end = range.first;
  while (range.end < bins - 1 && static_cast<double>(range.end) * bin_hz < end_hz) ++range.end;
  return range;
}

void find_peaks(const float* spectrum, float threshold, const BinRange& range, int sample_rate_hz,
                int fft_size, std::vector<TonalPeak>& peaks) {
  const auto above = [threshold](float value) { return value > threshold ? value : 0.0F; };
  for (Eigen::Index bin = range.first; bin < range.end; ++bin) {
    const float middle = spectrum[bin];
    if (!(middle > threshold)) continue;
    const float left = spectrum[bin - 1];
    const float right = spectrum[bin + 1];
    if (!(middle > above(left) && middle >= above(right))) continue;
    const float offset = parabolic_offset(left, middle, right);
    const double position = static_cast<double>(bin) + static_cast<double>(offset);
    const auto frequency =
        static_cast<float>(position * static_cast<double>(sample_rate_hz) / fft_size);
    const float gradient = (right - left) / 2.0F;
    if (frequency > 0.0F) peaks.push_back({frequency, middle + 0.5F * gradient * offset});
  }
}

float median_magnitude(const std::vector<TonalPeak>& peaks) {
  std::vector<float> values;
  values.reserve(peaks.size());
  for (const TonalPeak& peak : peaks) values.push_back(peak.magnitude);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2.0F;
}

// Distance from the nearest semitone below 0.5 above it: in [-0.5, 0.5).
float semitone_residual(float frequency_hz) {
  float residual = std::fmod(12.0F * std::log2(frequency_hz / 27.5F), 1.0F);
  if (residual < 0.0F) residual += 1.0F;
  return residual >= 0.5F ? residual - 1.0F : residual;
}

}  // namespace

double estimate_tuning(const Eigen::MatrixXf& magnitudes, int sample_rate_hz, int fft_size) {
  const BinRange range = pitch_bins(sample_rate_hz, fft_size, magnitudes.rows());
  std::vector<TonalPeak> peaks;
  for (Eigen::Index frame = 0; frame < magnitudes.cols(); ++frame) {
    const auto spectrum = magnitudes.col(frame);
    const float threshold = 0.1F * spectrum.maxCoeff();
    find_peaks(spectrum.data(), threshold, range, sample_rate_hz, fft_size, peaks);
  }
  if (peaks.empty()) return 0.0;

  constexpr int kBins = 100;
  std::array<double, kBins + 1> edges{};
  for (int i = 0; i <= kBins; ++i) edges[static_cast<std::size_t>(i)] = i * 0.01 - 0.5;
  edges.back() = 0.5;
  std::array<std::size_t, kBins> counts{};
  const float least = median_magnitude(peaks);
  std::size_t voters = 0;
  for (const TonalPeak& peak : peaks) {
    if (!(peak.magnitude >= least)) continue;
    const double residual = semitone_residual(peak.frequency_hz);
    const auto edge = std::upper_bound(edges.begin(), edges.end(), residual);
    const auto bin = std::clamp<std::ptrdiff_t>(edge - edges.begin() - 1, 0, kBins - 1);
    ++counts[static_cast<std::size_t>(bin)];
    ++voters;
  }
  if (voters == 0) return 0.0;
  const auto fullest = std::max_element(counts.begin(), counts.end()) - counts.begin();
  return edges[static_cast<std::size_t>(fullest)];
}

}  // namespace ser::dsp
