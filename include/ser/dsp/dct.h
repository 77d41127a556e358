#pragma once

#include <Eigen/Core>

namespace ser::dsp {

// The first `outputs` rows of the orthonormal discrete cosine transform of type II (Ahmed,
// Natarajan and Rao, 1974) of `inputs` values: [outputs x inputs].
Eigen::MatrixXd dct_matrix(int outputs, int inputs);

}  // namespace ser::dsp
