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

// The loss of one example with target(class) in all `weight`, and its derivative times `scale`.
template <class Target>
double example_loss(const Scalar* logits, Index classes, double weight, const Target& target,
                    Scalar scale, Scalar* dlogits) {
  const Exponentials exponentials(logits, classes);
  double loss = 0.0;
  for (Index c = 0; c < classes; ++c) {
    const double share = weight > 0.0 ? target(c) / weight : 0.0;
    // Next to an infinite logit nothing times infinity would be no number.
    if (share > 0.0) loss += target(c) * exponentials.negative_log_probability(logits[c]);
    const double probability = exponentials.probability(logits[c]);
    dlogits[c] = static_cast<Scalar>(weight * scale * (probability - share));
  }
  return loss;
}

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
    loss += example_loss(
        logits.col(example).data(), logits.rows(), weight,
        [&](Index c) { return c == label ? weight : 0.0; }, scale, dlogits.col(example).data());
  }
  return loss;
}

double softmax_cross_entropy(ConstBlock logits, ConstBlock targets, Scalar scale, Block dlogits) {
  double loss = 0.0;
  for (Index example = 0; example < logits.cols(); ++example) {
    double weight = 0.0;
    for (Index c = 0; c < targets.rows(); ++c) weight += targets(c, example);
    loss += example_loss(
        logits.col(example).data(), logits.rows(), weight,
        [&](Index c) { return static_cast<double>(targets(c, example)); }, scale,
        dlogits.col(example).data());
  }
  return loss;
}

void add_target(int label, double weight, double smoothing, Block target) {
  const double everywhere = weight * smoothing / static_cast<double>(target.size());
  for (Index c = 0; c < target.size(); ++c) {
    const double own = c == label ? weight * (1.0 - smoothing) : 0.0;
    target.data()[c] += static_cast<Scalar>(own + everywhere);
  }
}

}  // namespace ser::nn
