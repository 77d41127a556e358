#include "ser/nn/mixup.h"

#include <algorithm>
#include <cmath>

namespace ser::nn {
namespace {

// The logarithm of a number from Gamma(shape, 1). Marsaglia and Tsang (2000) for shape + 1, from
// which u^(1 / shape) leads to shape; for a small shape that underflows, its logarithm does not.
double draw_log_gamma(double shape, core::RandomStream& random) {
  const double d = shape + 1.0 - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  const double boost = std::log(1.0 - random.uniform()) / shape;
  for (;;) {
    const double x = random.normal();
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    const double u = 1.0 - random.uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) {
      return std::log(d * v) + boost;
    }
  }
}

}  // namespace

// a / (a + b) with a and b from Gamma(alpha, 1).
double draw_symmetric_beta(double alpha, core::RandomStream& random) {
  const double a = draw_log_gamma(alpha, random);
  const double b = draw_log_gamma(alpha, random);
  return 1.0 / (1.0 + std::exp(b - a));
}

void draw_mixtures(std::span<const Index> examples, double alpha, const core::RandomStream& random,
                   std::span<Mixture> mixtures) {
  for (std::size_t i = 0; i < examples.size(); ++i) mixtures[i].partner = examples[i];
  random.fork("partners").shuffle(mixtures);
  core::RandomStream shares = random.fork("shares");
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const double share = draw_symmetric_beta(alpha, shares);
    mixtures[i].share = static_cast<Scalar>(std::max(share, 1.0 - share));
  }
}

}  // namespace ser::nn
