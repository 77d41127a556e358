#include "ser/dsp/chroma.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dsp/lanes.h"

namespace ser::dsp {
namespace {

// Position of each bin in semitones, counted from the A sixteen times below A440; one more than
// there are bins, since a bin's width is the distance to its successor. The bin of frequency 0 is
// put one and a half octaves below the next.
Eigen::ArrayXd bin_positions(int sample_rate_hz, int fft_size, double tuning) {
  const int bins = fft_size / 2 + 1;
  const double reference_hz = 440.0 * std::pow(2.0, tuning / kChromaClasses) / 16.0;
  const double bin_hz = static_cast<double>(sample_rate_hz) / fft_size;
  Eigen::ArrayXd positions(bins + 1);
  for (int bin = 1; bin <= bins; ++bin) {
    positions[bin] = kChromaClasses * std::log2(bin * bin_hz / reference_hz);
  }
  positions[0] = positions[1] - 1.5 * kChromaClasses;
  return positions;
}

}  // namespace

Eigen::MatrixXf chroma_filterbank(int sample_rate_hz, int fft_size, double tuning) {
  constexpr double kCentreOctave = 5.0;
  constexpr double kOctaveWidth = 2.0;
  constexpr int kSemitonesFromAToC = 3;
  const Eigen::ArrayXd all_positions = bin_positions(sample_rate_hz, fft_size, tuning);
  const Eigen::Index bins = all_positions.size() - 1;
  const auto positions = all_positions.head(bins);
  const Eigen::ArrayXd widths = (all_positions.tail(bins) - positions).max(1.0);
  Eigen::ArrayXXd weights(bins, kChromaClasses);
  for (int i = 0; i < kChromaClasses; ++i) {
    // distance to the nearest pitch of class i, in [-6, 6)
    constexpr double kHalf = kChromaClasses / 2.0;
    const int semitone = (i + kSemitonesFromAToC) % kChromaClasses;
    auto weight = weights.col(i);
    weight = positions - semitone + kHalf;
    weight = weight - kChromaClasses * (weight / kChromaClasses).floor() - kHalf;
    weight = (-0.5 * (2.0 * weight / widths).square()).exp();
  }
  const Eigen::ArrayXd octaves = (positions / kChromaClasses - kCentreOctave) / kOctaveWidth;
  const Eigen::ArrayXd scales =
      (-0.5 * octaves.square()).exp() / weights.square().rowwise().sum().sqrt();
  return (weights.colwise() * scales).matrix().transpose().cast<float>();
}

Eigen::MatrixXf chroma(const Eigen::MatrixXf& filterbank, const Eigen::MatrixXf& magnitudes) {
  const Eigen::MatrixXd weights = filterbank.cast<double>();
  Eigen::MatrixXf result(filterbank.rows(), magnitudes.cols());
  for (Eigen::Index first = 0; first < magnitudes.cols(); first += kLanes) {
    const ColumnLanes<const float> frames(magnitudes, first);
    std::array<Lanes, kChromaClasses> sums{};
    for (Eigen::Index bin = 0; bin < magnitudes.rows(); ++bin) {
      const Lanes magnitude = to_double(frames.load(bin));
      const double* const weight = weights.col(bin).data();
      for (std::size_t i = 0; i < kChromaClasses; ++i) sums[i] += weight[i] * magnitude;
    }
    const ColumnLanes<float> columns(result, first);
    for (std::size_t i = 0; i < kChromaClasses; ++i) {
      columns.store(static_cast<Eigen::Index>(i), saturate_to_float(sums[i]));
    }
  }
  for (auto frame : result.colwise()) {
    const float largest = frame.maxCoeff();
    if (largest >= std::numeric_limits<float>::min()) frame /= largest;
  }
  return result;
}

}  // namespace ser::dsp
