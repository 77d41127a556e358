#pragma once

#include "ser/nn/tensor.h"

namespace ser::nn {

// y += weights * x with the steps of one example as the columns of x and y. The bits are the same
// wherever in memory the example stands.
template <class Columns>
void add_step_products(const ConstBlock& weights, const Columns& x, Block y) {
  // Small matrix products (fewer than 20 rows, columns and terms together) are evaluated by Eigen
  // in a way whose bits depend on the alignment of the result. Up to here products with single
  // steps are as fast.
  constexpr Index kShallow = 20;
  if (weights.cols() < kShallow) {
    for (Index t = 0; t < y.cols(); ++t) y.col(t).noalias() += weights * x.col(t);
  } else {
    y.noalias() += weights * x;
  }
}

}  // namespace ser::nn
