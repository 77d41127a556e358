#include "ser/nn/gradient_norm.h"

#include <cmath>

namespace ser::nn {

double limit_norm(Vector& gradient, double largest) {
  const double norm = std::sqrt(gradient.cast<double>().squaredNorm());
  if (std::isfinite(norm) && norm > largest) gradient *= static_cast<Scalar>(largest / norm);
  return norm;
}

}  // namespace ser::nn
