#include "ser/nn/loss.h"

#include <cmath>

namespace ser::nn {
namespace {

// log(sum(exp(column))), with the largest logit taken out so that nothing overflows.
double log_sum_exp(const Scalar* column, Index classes) {
  Scalar largest = column[0];
  for (Index c = 1; c < classes; ++c) largest = column[c] > largest ? column[c] : largest;
  double sum = 0.0;
  for (Index c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(column[c] - largest));
  return static_cast<double>(largest) + std::log(sum);
}

}  // namespace

void softmax(ConstBlock logits, Block probabilities) {
  for (Index example = 0; example < logits.cols(); ++example) {
    const double normalizer = log_sum_exp(logits.col(example).data(), logits.rows());
    for (Index c = 0; c < logits.rows(); ++c) {
      probabilities(c, example) = static_cast<Scalar>(std::exp(logits(c, example) - normalizer));
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
    const double normalizer = log_sum_exp(logits.col(example).data(), logits.rows());
    loss += weight * (normalizer - logits(label, example));
    for (Index c = 0; c < logits.rows(); ++c) {
      const double probability = std::exp(logits(c, example) - normalizer);
      dlogits(c, example) =
          static_cast<Scalar>(weight * scale * (probability - (c == label ? 1.0 : 0.0)));
    }
  }
  return loss;
}

}  // namespace ser::nn
