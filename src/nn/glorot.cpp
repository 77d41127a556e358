#include "nn/glorot.h"

#include <cmath>

namespace ser::nn {

void initialize_glorot_uniform(Index fan_in, Index fan_out, Parameters weights,
                               core::RandomStream random) {
  const double limit =
      std::sqrt(6.0 / (static_cast<double>(fan_in) + static_cast<double>(fan_out)));
  for (Index i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<Scalar>(random.uniform(-limit, limit));
  }
}

}  // namespace ser::nn
