#include "ser/dsp/phase_vocoder.h"

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"
#include "ser/dsp/stft.h"

#include "dsp/polar.h"

namespace ser::dsp {
namespace {

constexpr int kFftSize = 2048;
constexpr int kHopLength = kFftSize / 4;

// Adding and subtracting this leaves no room for a fraction, and unlike std::nearbyint it is
// vectorised for every instruction set. For |value| < 2^51.
double round_half_even(double value) {
  constexpr double kRounder = 0x1.8p52;
  return (value + kRounder) - kRounder;
}

// Magnitudes and phases of one column of a spectrogram.
struct PolarColumn {
  Eigen::ArrayXf magnitude;
  Eigen::ArrayXf phase;

  explicit PolarColumn(Eigen::Index bins)
      : magnitude(Eigen::ArrayXf::Zero(bins)), phase(Eigen::ArrayXf::Zero(bins)) {}

  // Columns behind the end are silent.
  void load(const Eigen::MatrixXcf& spectrum, Eigen::Index column) {
    if (column >= spectrum.cols()) {
      magnitude.setZero();
      phase.setZero();
      return;
    }
    const auto bins = static_cast<std::size_t>(spectrum.rows());
    to_polar({spectrum.col(column).data(), bins}, {magnitude.data(), bins}, {phase.data(), bins});
  }
};

// The two columns around a point in time; moving on by one column computes only the new one.
class ColumnPair {
 public:
  explicit ColumnPair(const Eigen::MatrixXcf& spectrum)
      : spectrum_(spectrum), left_(spectrum.rows()), right_(spectrum.rows()) {}

  void move_to(Eigen::Index column) {
    if (column == column_) return;
    if (column == column_ + 1) {
      std::swap(left_, right_);
    } else {
      left_.load(spectrum_, column);
    }
    right_.load(spectrum_, column + 1);
    column_ = column;
  }

  const PolarColumn& left() const { return left_; }
  const PolarColumn& right() const { return right_; }

 private:
  const Eigen::MatrixXcf& spectrum_;
  PolarColumn left_;
  PolarColumn right_;
  Eigen::Index column_ = -2;
};

// Reads the spectrogram at the times 0, rate, 2*rate ...: magnitudes are interpolated, and each
// bin's phase advances by what it did between the two columns around that time. Which steps are
// done in float and which in double decides over the output, since phases add up over the whole
// signal.
Eigen::MatrixXcf stretch_spectrum(const Eigen::MatrixXcf& spectrum, double rate) {
  constexpr double kTwoPi = 2.0 * std::numbers::pi;
  const Eigen::Index bins = spectrum.rows();
  const auto steps =
      static_cast<Eigen::Index>(std::ceil(static_cast<double>(spectrum.cols()) / rate));
  Eigen::ArrayXd advance(bins);  // of a sinusoid at the bin's centre, from one frame to the next
  const double bin_step = 1.0 / (kFftSize * (1.0 / kTwoPi));
  for (Eigen::Index bin = 0; bin < bins; ++bin) {
    advance[bin] = kHopLength * (static_cast<double>(bin) * bin_step);
  }

  Eigen::MatrixXcf result(bins, steps);
  ColumnPair columns(spectrum);
  columns.move_to(0);
  Eigen::ArrayXf phase = columns.left().phase;
  Eigen::ArrayXf magnitude(bins);
  const auto bin_count = static_cast<std::size_t>(bins);
  for (Eigen::Index step = 0; step < steps; ++step) {
    const double time = static_cast<double>(step) * rate;
    const double whole = std::floor(time);
    columns.move_to(static_cast<Eigen::Index>(whole));
    const auto right_weight = static_cast<float>(time - whole);
    const auto left_weight = static_cast<float>(1.0 - (time - whole));
    const PolarColumn& left = columns.left();
    const PolarColumn& right = columns.right();
    for (Eigen::Index bin = 0; bin < bins; ++bin) {
      magnitude[bin] =
          saturate(left_weight * left.magnitude[bin] + right_weight * right.magnitude[bin]);
    }
    from_polar({magnitude.data(), bin_count}, {phase.data(), bin_count},
               {result.col(step).data(), bin_count});
    for (Eigen::Index bin = 0; bin < bins; ++bin) {
      const double excess = static_cast<double>(right.phase[bin] - left.phase[bin]) - advance[bin];
      const double wrapped = excess - kTwoPi * round_half_even(excess / kTwoPi);
      phase[bin] = static_cast<float>(static_cast<double>(phase[bin]) + (advance[bin] + wrapped));
    }
  }
  return result;
}

}  // namespace

std::vector<float> time_stretch(std::span<const float> samples, double rate) {
  // written so that NaN fails
  if (!(rate >= 1.0 / kLargestStretch && rate <= kLargestStretch)) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "rate of a time stretch: must lie between 1/64 and 64, is " + std::to_string(rate));
  }
  if (samples.empty()) return {};
  static const Stft stft(kFftSize, kHopLength);
  const Eigen::MatrixXcf stretched = stretch_spectrum(stft.transform(samples), rate);
  const double length = std::nearbyint(static_cast<double>(samples.size()) / rate);
  return stft.inverse(stretched, static_cast<std::size_t>(length));
}

}  // namespace ser::dsp
