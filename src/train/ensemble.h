#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ser/train/cross_validation.h"
#include "ser/train/train_classifier.h"

#include "train/fold_training.h"
#include "train/members.h"

namespace ser::train {

// A classifier by itself, and what it says of the parts that it was not trained on.
struct TrainedMember {
  model::ClassifierParts classifier;  // without provenance
  TrainingReport report;
  Answers answers;
};

TrainedMember train_member(const std::filesystem::path& root, corpus::Manifest manifest,
                           corpus::Split split, const Member& member, core::ThreadPool& pool,
                           TrainingObserver& observer);

// Throws what is wrong with a recipe or any of its members, so that what is wrong with the last is
// not told after hours of the others.
void check_trainable(const Recipe& recipe, std::size_t classes);

// The members averaged and calibrated, scored on what all of them could read.
struct CombinedParts {
  std::optional<eval::Metrics> validation;
  std::optional<eval::Metrics> test;
  eval::Calibration calibration;
  std::vector<std::size_t> tested;
  std::vector<int> predicted;
  Eigen::MatrixXf probabilities;  // [classes x tested]
};

// `answers`: of each member, to the same split; `classes`: those that the split trains. The
// temperature of a member alone is 1: it has its own. Throws CorpusError (E_TRAIN_NO_CLIPS) if
// there is no clip of a part that all could use.
CombinedParts combine(std::span<const Answers> answers, const corpus::Manifest& manifest,
                      const std::vector<std::string>& classes, const std::string& calibration);

TrainingResult train_ensemble(const std::filesystem::path& root, const corpus::Manifest& manifest,
                              const corpus::Split& split, const Recipe& recipe,
                              const std::vector<Member>& members, core::ThreadPool& pool,
                              TrainingObserver& observer);

// cross_validate() of one member; `answers` is given what each run says of its parts.
CrossValidationReport cross_validate_member(const std::filesystem::path& root,
                                            corpus::Manifest manifest, const Member& member,
                                            const std::vector<std::uint64_t>& seeds, int jobs,
                                            CrossValidationObserver& observer,
                                            std::vector<Answers>* answers = nullptr);

CrossValidationReport cross_validate_ensemble(const std::filesystem::path& root,
                                              const corpus::Manifest& manifest,
                                              const Recipe& recipe,
                                              const std::vector<Member>& members,
                                              const std::vector<std::uint64_t>& seeds, int jobs,
                                              CrossValidationObserver& observer);

// train_final() of the folds of an ensemble.
TrainingResult train_final_ensemble(const CrossValidationReport& report, core::ThreadPool& pool,
                                    TrainingObserver& observer);

// What training on everything takes from folds: the middle value.
template <class Number>
Number middle(std::vector<Number> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// The recipe with everything in its training part.
Recipe without_judging(Recipe recipe);

}  // namespace ser::train
