#include "nn/dropout_factors.h"

namespace ser::nn {

void draw_dropout_factors(const Pass& pass, double rate, Block factors) {
  if (pass.mode == Mode::kInference) {
    factors.setOnes();
    return;
  }
  const auto kept = static_cast<Scalar>(1.0 / (1.0 - rate));
  // Two numbers of 32 bits at a draw: their share below the limit is the rate to 2^-32.
  const auto limit = static_cast<std::uint64_t>(rate * 0x1p32);
  for (Index example = 0; example < factors.cols(); ++example) {
    core::RandomStream random = pass.streams[static_cast<std::size_t>(example)].fork(
        static_cast<std::uint64_t>(pass.layer_index));
    std::uint64_t bits = 0;
    for (Index row = 0; row < factors.rows(); ++row) {
      bits = row % 2 == 0 ? random.next() : bits >> 32;
      factors(row, example) = (bits & 0xFFFFFFFF) < limit ? Scalar{0} : kept;
    }
  }
}

}  // namespace ser::nn
