#include "ser/nn/loss.h"

#include <cmath>

namespace ser::nn {
namespace {

// Exponentials of logits with the largest taken out, so that nothing overflows. Kept apart from
// each other, because next to a huge logit the logarithm of the sum would be rounded away.
struct Exponentials {
  double largest;
  double sum;

  explicit Exponentials(const Scalar* logits, Index classes) : largest(logits[0]), sum(0.0) {
    for (Index c = 1; c < classes; ++c) largest = logits[c] > largest ? logits[c] : largest;
    for (Index c = 0; c < classes; ++c) sum += std::exp(logits[c] - largest);
  }
  double probability(Scalar logit) const { return std::exp(logit - largest) / sum; }
  double negative_log_probability(Scalar logit) const { return largest - logit + std::log(sum); }
};

}  // namespace

void softmax(ConstBlock logits, Block probabilities) {
  for (Index example = 0; example < logits.cols(); ++example) {
    const Exponentials exponentials(logits.col(example).data(), logits.rows());
    for (Index c = 0; c < logits.rows(); ++c) {
      probabilities(c, example) = static_cast<Scalar>(exponentials.probability(logits(c, example)));
    }
  }
}

double softmax_cross_entropy(ConstBlock logits, std::span<const int> labels,
                             std::span<const Scalar> class_weights, Scalar scale, Block dlogits) {
  double loss = 0.0;
  for (Index example = 0; example < logits.cols(); ++example) {
    const Index label = labels[static_cast<std::size_t>(example)];
    const double weight =
        class_weights.empty() ? 1.0 : class_weights[static_cast<std::size_t>(label)];
    const Exponentials exponentials(logits.col(example).data(), logits.rows());
    loss += weight * exponentials.negative_log_probability(logits(label, example));
    for (Index c = 0; c < logits.rows(); ++c) {
      const double probability = exponentials.probability(logits(c, example));
      dlogits(c, example) =
          static_cast<Scalar>(weight * scale * (probability - (c == label ? 1.0 : 0.0)));
    }
  }
  return loss;
}

}  // namespace ser::nn
