#pragma once

#include <string>

#include "ser/augment/plan.h"
#include "ser/corpus/manifest.h"
#include "ser/dataset/examples.h"
#include "ser/dataset/group_statistics.h"

namespace ser::train {

// The normalisers of one training run, fitted to its training part. All apply_ functions work in
// place and return how many columns had no statistics of their own.
class TrainingNormalization {
 public:
  // `training` is not normalised, and not empty; `features`: of one step. Groups are described by
  // their clips as they are, where the plan has such a copy: the recordings that are judged are not
  // augmented either.
  TrainingNormalization(std::string mode, const corpus::Manifest& manifest,
                        const dataset::ExampleSet& training, Eigen::Index features,
                        const augment::AugmentationPlan& plan);

  const dataset::Normalizer& of_training() const { return of_training_; }

  std::size_t apply_to_training(dataset::ExampleSet& training) const;
  // By the training statistics of a speaker or corpus that training has, of which the validation
  // part may hold a few clips only; else as apply_to_judged().
  std::size_t apply_to_validation(dataset::ExampleSet& validation) const;
  // Each group by its own clips, whether training has it or not: as ser-eval does it later.
  std::size_t apply_to_judged(dataset::ExampleSet& judged) const;

 private:
  std::vector<std::string> groups_of(const dataset::ExampleSet& examples) const;

  std::string mode_;
  const corpus::Manifest& manifest_;
  dataset::Normalizer of_training_;
  dataset::GroupNormalizers of_groups_;
};

}  // namespace ser::train
