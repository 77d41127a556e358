#pragma once

#include <Eigen/Core>

#include "ser/nn/scalar.h"

namespace ser::nn {

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

// Numbers [begin, begin + size) of a vector of parameters.
struct ParameterRange {
  Index begin;
  Index size;
};

// Several examples of one shape, one a column: [shape.size() x examples].
using ConstBlock = Eigen::Map<const Matrix>;
using Block = Eigen::Map<Matrix>;
using ConstParameters = Eigen::Map<const Vector>;
using Parameters = Eigen::Map<Vector>;

}  // namespace ser::nn
