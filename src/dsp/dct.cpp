#include "ser/dsp/dct.h"

#include <cmath>
#include <numbers>

namespace ser::dsp {

Eigen::MatrixXd dct_matrix(int outputs, int inputs) {
  Eigen::MatrixXd matrix(outputs, inputs);
  for (int k = 0; k < outputs; ++k) {
    const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / inputs);
    for (int n = 0; n < inputs; ++n) {
      matrix(k, n) = scale * std::cos(std::numbers::pi * k * (2 * n + 1) / (2.0 * inputs));
    }
  }
  return matrix;
}

}  // namespace ser::dsp
