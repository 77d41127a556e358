#pragma once

#include "ser/train/fit.h"

namespace ser::train {

// fit() by a method that sets the parameters of the last layer at once: discriminant or neighbours.
FitResult fit_directly(const nn::Network& network, const dataset::ExampleSet& training,
                       const dataset::ExampleSet& validation, const FitConfig& config,
                       core::ThreadPool& pool, const core::StopRequested& stop_requested);

}  // namespace ser::train
