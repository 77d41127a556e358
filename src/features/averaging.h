#pragma once

#include <span>

namespace ser::features {

// How the mean of a row is summed. librosa's features differ in type and in memory layout, so NumPy
// sums them in different orders; in the same order, the means of a whole clip agree as well as the
// frames do.
enum class Averaging {
  kPairwise,    // in float: eight interleaved sums, blocks of 128 added in a binary tree
  kSequential,  // in float, one frame after the other
  kDouble,
};

// The mean of at least one value.
double average(std::span<const float> values, Averaging averaging);

}  // namespace ser::features
