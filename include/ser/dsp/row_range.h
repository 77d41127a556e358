#pragma once

#include <Eigen/Core>

namespace ser::dsp {

// Rows of a matrix that follow each other.
struct RowRange {
  Eigen::Index first = 0;
  Eigen::Index count = 0;
};

}  // namespace ser::dsp
