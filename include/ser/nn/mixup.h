#pragma once

#include <span>

#include "ser/core/random.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

// An example is replaced by share * itself + (1 - share) * partner, and so is its target. The
// partner is a column of the data.
struct Mixture {
  Index partner = 0;
  Scalar share = 1;
};

// Mixup (Zhang et al., 2018): the examples of a batch are paired by a random order of them, and
// each pair is mixed by a number from the distribution Beta(alpha, alpha), alpha > 0. The larger
// share is the example's own, which the symmetry of pairs allows, so its label stays its likeliest
// class. mixtures: one an example.
void draw_mixtures(std::span<const Index> examples, double alpha, const core::RandomStream& random,
                   std::span<Mixture> mixtures);

// A number from Beta(alpha, alpha), in [0, 1].
double draw_symmetric_beta(double alpha, core::RandomStream& random);

}  // namespace ser::nn
