#include "ser/eval/predictions.h"

namespace ser::eval {

std::vector<int> most_probable(const Eigen::MatrixXf& scores) {
  std::vector<int> classes;
  classes.reserve(static_cast<std::size_t>(scores.cols()));
  for (Eigen::Index c = 0; c < scores.cols(); ++c) {
    Eigen::Index best = 0;
    for (Eigen::Index r = 1; r < scores.rows(); ++r) {
      if (scores(r, c) > scores(best, c)) best = r;
    }
    classes.push_back(static_cast<int>(best));
  }
  return classes;
}

}  // namespace ser::eval
