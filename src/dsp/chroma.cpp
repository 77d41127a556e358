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
  using ClassArray = Eigen::Array<double, kChromaClasses, 1>;
  const Eigen::ArrayXd positions = bin_positions(sample_rate_hz, fft_size, tuning);
  const Eigen::Index bins = positions.size() - 1;
  Eigen::MatrixXf filterbank(kChromaClasses, bins);
  for (Eigen::Index bin = 0; bin < bins; ++bin) {
    const double position = positions[bin];
    const double width = std::max(positions[bin + 1] - position, 1.0);
    ClassArray weights;
    for (int i = 0; i < kChromaClasses; ++i) {
      // distance to the nearest pitch of class i, in [-6, 6)
      constexpr double kHalf = kChromaClasses / 2.0;
      const double shifted = position - (i + kSemitonesFromAToC) % kChromaClasses + kHalf;
      const double distance =
          shifted - kChromaClasses * std::floor(shifted / kChromaClasses) - kHalf;
      weights[i] = 2.0 * distance / width;
    }
    weights = (-0.5 * weights.square()).exp();
    const double octaves = (position / kChromaClasses - kCentreOctave) / kOctaveWidth;
    const double scale = std::exp(-0.5 * octaves * octaves) / weights.matrix().norm();
    filterbank.col(bin) = (weights * scale).cast<float>();
  }
  return filterbank;
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
