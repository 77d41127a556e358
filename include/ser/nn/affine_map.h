#pragma once

#include <Eigen/Core>

#include "ser/nn/tensor.h"

namespace ser::nn {

// y = scale x + shift, number by number. Both are [channels], the same at every step, or
// [channels*time], in the order of memory; in double, since folding divides and cancels.
struct AffineMap {
  Eigen::VectorXd scale;
  Eigen::VectorXd shift;

  Index size() const { return scale.size(); }
  // [shape.size()], whichever of the two it was.
  AffineMap of_numbers(const Shape& shape) const;
  // This map and then another of the same size.
  AffineMap then(const AffineMap& next) const;
};

}  // namespace ser::nn
