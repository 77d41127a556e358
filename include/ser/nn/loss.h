#pragma once

#include <span>

#include "ser/nn/tensor.h"

namespace ser::nn {

// Columns of logits become columns of probabilities, in a way that does not overflow. May be the
// same memory.
void softmax(ConstBlock logits, Block probabilities);

// Sum over the columns of -weight * log softmax(logits)[label], in double. `weights` has one entry
// a class, or is empty (all 1). dlogits receives the derivative of that sum times `scale`.
double softmax_cross_entropy(ConstBlock logits, std::span<const int> labels,
                             std::span<const Scalar> class_weights, Scalar scale, Block dlogits);

// The same for targets that are shared out among classes: the sum over columns and classes of
// -target * log softmax(logits). targets: [classes x columns], not negative.
double softmax_cross_entropy(ConstBlock logits, ConstBlock targets, Scalar scale, Block dlogits);

// Adds to `target` [classes] that of an example with this label: `weight` in all, of which
// `smoothing` is shared out evenly among all classes (label smoothing, Szegedy et al., 2016).
void add_target(int label, double weight, double smoothing, Block target);

}  // namespace ser::nn
