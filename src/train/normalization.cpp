#include "train/normalization.h"

namespace ser::train {

TrainingNormalization::TrainingNormalization(std::string mode, const corpus::Manifest& manifest,
                                             const dataset::ExampleSet& training,
                                             Eigen::Index features,
                                             const augment::AugmentationPlan& plan)
    : mode_(std::move(mode)),
      manifest_(manifest),
      of_training_(dataset::Normalizer::fit(training.values, features, training.lengths)) {
  if (!dataset::is_transductive(mode_)) return;
  auto groups = groups_of(training);
  // A row of no group describes none.
  for (std::size_t copy = 0; copy < plan.copies(); ++copy) {
    if (plan.copy_name(copy) != "as is") continue;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (i % plan.copies() != copy) groups[i].clear();
    }
    break;
  }
  of_groups_ = dataset::fit_groups(training, features, groups);
}

std::size_t TrainingNormalization::apply_to_training(dataset::ExampleSet& training) const {
  return dataset::apply_groups(training, groups_of(training), of_groups_, of_training_);
}

std::size_t TrainingNormalization::apply_to_validation(dataset::ExampleSet& validation) const {
  const auto groups = groups_of(validation);
  auto normalizers = dataset::fit_groups(validation, of_training_.mean().size(), groups);
  for (const auto& [name, normalizer] : of_groups_) normalizers[name] = normalizer;
  return dataset::apply_groups(validation, groups, normalizers, of_training_);
}

std::size_t TrainingNormalization::apply_to_judged(dataset::ExampleSet& judged) const {
  return dataset::normalize_by_group(judged, groups_of(judged), of_training_);
}

std::vector<std::string> TrainingNormalization::groups_of(
    const dataset::ExampleSet& examples) const {
  return dataset::statistics_groups(manifest_, examples.utterances, mode_);
}

}  // namespace ser::train
