#include "nn/dropout_factors.h"

namespace ser::nn {

void draw_dropout_factors(const Pass& pass, double rate, Block factors) {
  if (pass.mode == Mode::kInference) {
    factors.setOnes();
    return;
  }
  const auto kept = static_cast<Scalar>(1.0 / (1.0 - rate));
  for (Index example = 0; example < factors.cols(); ++example) {
    core::RandomStream random = pass.streams[static_cast<std::size_t>(example)].fork(
        static_cast<std::uint64_t>(pass.layer_index));
    for (Scalar& factor : factors.col(example)) factor = random.uniform() < rate ? Scalar{0} : kept;
  }
}

}  // namespace ser::nn
