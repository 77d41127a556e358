#pragma once

#include <Eigen/Core>

namespace ser::nn {

// The module is compiled a second time with SER_NN_SCALAR=double for the gradient checks: float
// gives relative errors of 1e-2 there, double 1e-9.
#ifndef SER_NN_SCALAR
#define SER_NN_SCALAR float
#endif
using Scalar = SER_NN_SCALAR;
using Index = Eigen::Index;
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

// An example is [channels x time], column-major: the channels of one step are neighbours, and
// `kernel` consecutive steps are kernel*channels consecutive numbers.
struct Shape {
  Index channels = 0;
  Index time = 0;

  Index size() const { return channels * time; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

// Several examples of one shape, one a column: [shape.size() x examples].
using ConstBlock = Eigen::Map<const Matrix>;
using Block = Eigen::Map<Matrix>;
using ConstParameters = Eigen::Map<const Vector>;
using Parameters = Eigen::Map<Vector>;

}  // namespace ser::nn
