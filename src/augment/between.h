#pragma once

#include <limits>

#include <Eigen/Core>

namespace ser::augment {

// What lies between two vectors of features on the straight line from one to the other, where
// `share` in [0, 1] of the way is gone. Finite where they are.
template <class From, class To>
auto between(const From& from, const To& to, float share) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  return ((1.0F - share) * from + share * to).cwiseMin(kLargest).cwiseMax(-kLargest);
}

}  // namespace ser::augment
