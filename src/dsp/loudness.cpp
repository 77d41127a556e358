#include "ser/dsp/loudness.h"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace ser::dsp {
namespace {

// Hermansky's curve, in radians a second; not yet 1 at 1 kHz.
double hermansky_curve(double frequency_hz) {
  const double angular = 2.0 * std::numbers::pi * frequency_hz;
  const double square = angular * angular;
  return (square + 56.8e6) * square * square /
         ((square + 6.3e6) * (square + 6.3e6) * (square + 0.38e9));
}

}  // namespace

double equal_loudness(double frequency_hz) {
  return hermansky_curve(frequency_hz) / hermansky_curve(1000.0);
}

std::vector<float> loudness(const Eigen::MatrixXf& mel, const std::vector<double>& centres_hz) {
  assert(static_cast<std::size_t>(mel.rows()) == centres_hz.size());
  Eigen::ArrayXf weights(mel.rows());
  for (Eigen::Index band = 0; band < mel.rows(); ++band) {
    weights[band] =
        static_cast<float>(std::cbrt(equal_loudness(centres_hz[static_cast<std::size_t>(band)])));
  }
  std::vector<float> result;
  for (Eigen::Index frame = 0; frame < mel.cols(); ++frame) {
    double sum = 0.0;
    for (Eigen::Index band = 0; band < mel.rows(); ++band) {
      sum += static_cast<double>(weights[band]) * std::cbrt(mel(band, frame));
    }
    result.push_back(static_cast<float>(sum / static_cast<double>(mel.rows())));
  }
  return result;
}

}  // namespace ser::dsp
