#include "ser/nn/affine_map.h"

namespace ser::nn {

AffineMap AffineMap::of_numbers(const Shape& shape) const {
  if (size() == shape.size()) return *this;
  return {scale.replicate(shape.time, 1), shift.replicate(shape.time, 1)};
}

AffineMap AffineMap::then(const AffineMap& next) const {
  return {scale.cwiseProduct(next.scale), shift.cwiseProduct(next.scale) + next.shift};
}

}  // namespace ser::nn
