#include "train/fold_memory.h"

#include <algorithm>
#include <unistd.h>

namespace ser::train {

double bytes_of_fold(const TrainingSetup& setup, const corpus::Split& split) {
  const auto rows =
      static_cast<double>(model::network_input(setup.extractor, setup.recipe.clip).size());
  const auto examples = static_cast<double>(split.train.size() * setup.plan.copies() +
                                            split.validation.size() + split.test.size());
  const double shards = 1.0 + setup.recipe.training.batch_size / 16.0;
  const double copies = setup.recipe.training.method == "neighbours" ? 6.0 : 2.0;
  const double numbers =
      copies * rows * examples + (6.0 + shards) * static_cast<double>(setup.parameter_count);
  constexpr double kActivations = 32.0 * 1024 * 1024;
  return numbers * sizeof(float) + kActivations;
}

int folds_that_fit(double largest, std::size_t folds, int jobs) {
  const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                        static_cast<double>(sysconf(_SC_PAGESIZE)) / 2.0;
  const auto fitting = static_cast<std::size_t>(std::clamp(memory / largest, 1.0, 1e6));
  return static_cast<int>(std::min(
      {fitting, std::max<std::size_t>(folds, 1), static_cast<std::size_t>(std::max(jobs, 1))}));
}

}  // namespace ser::train
