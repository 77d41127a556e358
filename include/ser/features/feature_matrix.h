#pragma once

#include <Eigen/Core>

namespace ser::features {

// One column a frame, one row a feature; `frame_shift_s` seconds from one frame to the next.
struct FeatureMatrix {
  Eigen::MatrixXf values;
  double frame_shift_s = 0.0;
};

}  // namespace ser::features
