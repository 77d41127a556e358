#pragma once

#include <cstddef>

#include "ser/corpus/split.h"

#include "train/fold_training.h"

namespace ser::train {

// Bytes that a fold takes while it is trained, beside what all share: its examples, twice while
// they are put together, and parameters, gradients of each shard and the optimiser's moments. A
// model of neighbours holds its examples, in each of the forms in which it is scored.
double bytes_of_fold(const TrainingSetup& setup, const corpus::Split& split);

// How many of `folds` to train at once: as many as there are jobs, unless they would take more than
// half of the machine's memory, where the largest takes `largest` bytes; at least 1.
int folds_that_fit(double largest, std::size_t folds, int jobs);

}  // namespace ser::train
