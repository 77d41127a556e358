#include "features/spectrum_normalization.h"

#include <cmath>

#include "ser/dsp/saturate.h"

namespace ser::features {
namespace {

// Takes the mean out of all numbers of a part, and makes their deviation 1 if that is asked for.
void center(Eigen::Ref<Eigen::MatrixXf> part, bool to_deviation) {
  const auto count = static_cast<double>(part.size());
  const double mean = part.cast<double>().sum() / count;
  double scale = 1.0;
  if (to_deviation) {
    const double variance = (part.cast<double>().array() - mean).square().sum() / count;
    // Rounding leaves what is constant a deviation of this order.
    const bool constant = variance <= 1e-12 * mean * mean || variance < 1e-60;
    if (!constant) scale = 1.0 / std::sqrt(variance);
  }
  for (Eigen::Index frame = 0; frame < part.cols(); ++frame) {
    for (float& number : part.col(frame)) {
      number = dsp::saturate_to_float((static_cast<double>(number) - mean) * scale);
    }
  }
}

}  // namespace

void normalize_spectrum(const std::string& mode, Eigen::Ref<Eigen::MatrixXf> spectrum) {
  if (mode == "none" || spectrum.size() == 0) return;
  if (mode == "level") {
    center(spectrum, true);
    return;
  }
  for (Eigen::Index band = 0; band < spectrum.rows(); ++band) {
    center(spectrum.middleRows(band, 1), mode == "standard");
  }
}

}  // namespace ser::features
