#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

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

// {value(0), value(1) ...}. Lanes that are set one after the other would go through memory.
template <class Value>
FloatLanes float_lanes(const Value& value) {
  return [&]<std::size_t... kLane>(std::index_sequence<kLane...>) {
    return FloatLanes{value(kLane)...};
  }
  (std::make_index_sequence<kLanes>());
}

inline FloatLanes round_to_float(Lanes values) {
  return __builtin_convertvector(values, FloatLanes);
}

inline Lanes to_double(FloatLanes values) { return __builtin_convertvector(values, Lanes); }

// Lane by lane what the function of ser/dsp/saturate.h does.
inline FloatLanes saturate_to_float(Lanes values) {
  const FloatLanes largest = FloatLanes{} + std::numeric_limits<float>::max();
  FloatLanes floats = round_to_float(values);
  floats = floats < -largest ? -largest : floats;
  return floats > largest ? largest : floats;
}

inline Lanes square_root(Lanes values) {
  Lanes roots;
  for (int lane = 0; lane < kLanes; ++lane) roots[lane] = std::sqrt(values[lane]);
  return roots;
}

// kLanes columns of a matrix side by side. Where the matrix ends, its last column is repeated:
// what is stored to lanes behind it must equal what is stored to its own.
template <class Scalar>
class ColumnLanes {
 public:
  template <class Matrix>
  ColumnLanes(Matrix& matrix, Eigen::Index first) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const Eigen::Index column = std::min(first + lane, matrix.cols() - 1);
      columns_[static_cast<std::size_t>(lane)] = matrix.data() + column * matrix.rows();
    }
  }

  FloatLanes load(Eigen::Index row) const {
    return float_lanes([&](std::size_t lane) { return columns_[lane][row]; });
  }

  void store(Eigen::Index row, FloatLanes values) const {
    for (int lane = 0; lane < kLanes; ++lane) {
      columns_[static_cast<std::size_t>(lane)][row] = values[lane];
    }
  }

 private:
  std::array<Scalar*, kLanes> columns_;
};

}  // namespace ser::dsp
