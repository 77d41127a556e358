#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <Eigen/Core>

namespace ser::dsp {

// How many doubles fill a vector register. Frames are transformed and summed so many at a time,
// each in its lane.
#if defined(__AVX__)
inline constexpr int kLanes = 4;
#else
inline constexpr int kLanes = 2;
#endif
using Lanes = double __attribute__((vector_size(kLanes * sizeof(double))));
using FloatLanes = float __attribute__((vector_size(kLanes * sizeof(float))));

// Lane by lane what the functions of ser/dsp/saturate.h do.
inline FloatLanes saturate_to_float(Lanes values) {
  const Lanes largest = Lanes{} + static_cast<double>(std::numeric_limits<float>::max());
  values = values < -largest ? -largest : values;
  values = values > largest ? largest : values;
  return __builtin_convertvector(values, FloatLanes);
}

inline Lanes to_double(FloatLanes values) { return __builtin_convertvector(values, Lanes); }

inline Lanes square_root(Lanes values) {
  Lanes roots;
  for (int lane = 0; lane < kLanes; ++lane) roots[lane] = std::sqrt(values[lane]);
  return roots;
}

// kLanes columns of a matrix side by side. Where the matrix ends, its last column is repeated.
template <class Scalar>
class ColumnLanes {
 public:
  template <class Matrix>
  ColumnLanes(Matrix& matrix, Eigen::Index first)
      : count_(static_cast<int>(std::min<Eigen::Index>(kLanes, matrix.cols() - first))) {
    for (int lane = 0; lane < kLanes; ++lane) {
      columns_[static_cast<std::size_t>(lane)] =
          matrix.data() + (first + std::min(lane, count_ - 1)) * matrix.rows();
    }
  }

  FloatLanes load(Eigen::Index row) const {
    FloatLanes values;
    for (int lane = 0; lane < kLanes; ++lane) {
      values[lane] = columns_[static_cast<std::size_t>(lane)][row];
    }
    return values;
  }

  void store(Eigen::Index row, FloatLanes values) const {
    for (int lane = 0; lane < count_; ++lane) {
      columns_[static_cast<std::size_t>(lane)][row] = values[lane];
    }
  }

 private:
  std::array<Scalar*, kLanes> columns_;
  int count_;
};

}  // namespace ser::dsp
