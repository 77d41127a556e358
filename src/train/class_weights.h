#pragma once

#include <vector>

#include "ser/nn/tensor.h"
#include "ser/train/fit.h"

namespace ser::train {

// How much an example of each class counts, as FitConfig::class_weights says; empty: all alike.
std::vector<nn::Scalar> class_weights(const FitConfig& config, const std::vector<int>& labels,
                                      nn::Index classes);

}  // namespace ser::train
