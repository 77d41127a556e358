#pragma once

#include <vector>

#include <Eigen/Core>

namespace ser::eval {

// For each column of probabilities or scores [classes x clips] the index of the largest; the first
// of equals.
std::vector<int> most_probable(const Eigen::MatrixXf& scores);

}  // namespace ser::eval
