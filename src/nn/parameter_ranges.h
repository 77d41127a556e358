#pragma once

#include <algorithm>

#include "ser/nn/tensor.h"

namespace ser::nn {

// Parameters are shared out to workers in ranges of a fixed size, so that a result cannot depend on
// the number of workers.
inline constexpr Index kParameterRange = 16384;

inline std::size_t num_parameter_ranges(Index num_parameters) {
  return static_cast<std::size_t>((num_parameters + kParameterRange - 1) / kParameterRange);
}

inline ParameterRange parameter_range(std::size_t index, Index num_parameters) {
  const Index begin = static_cast<Index>(index) * kParameterRange;
  return {begin, std::min(kParameterRange, num_parameters - begin)};
}

}  // namespace ser::nn
