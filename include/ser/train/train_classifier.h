#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/dataset/examples.h"
#include "ser/dataset/survey.h"
#include "ser/eval/calibration.h"
#include "ser/eval/metrics.h"
#include "ser/model/recogniser.h"
#include "ser/train/checkpoint.h"
#include "ser/train/fit.h"
#include "ser/train/leaks.h"
#include "ser/train/recipe.h"

namespace ser::train {

// Told how far training is. All calls come from one thread at a time; stop_requested() from any.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_split(const corpus::Manifest&, const corpus::Split&) {}
  // Before each member of an ensemble.
  virtual void on_member(const std::string&, [[maybe_unused]] std::size_t done,
                         [[maybe_unused]] std::size_t total) {}
  virtual void on_clips([[maybe_unused]] std::size_t done, [[maybe_unused]] std::size_t total) {}
  virtual void on_epoch([[maybe_unused]] const EpochRecord& record,
                        [[maybe_unused]] int max_epochs) {}
  virtual bool stop_requested() { return false; }
  // Where training goes on and keeps how far it is; null: nowhere.
  virtual CheckpointFolder* checkpoints() { return nullptr; }
};

// What became of a member of an ensemble.
struct MemberRecord {
  std::string name;
  std::size_t training_examples = 0;
  std::int64_t parameter_count = 0;
  FitResult fit;  // without parameters
  std::optional<eval::Metrics> validation;
  std::optional<eval::Metrics> test;
  eval::Calibration calibration;
};

struct TrainingReport {
  Recipe recipe;               // effective
  std::filesystem::path root;  // of the corpus
  corpus::Manifest manifest;
  // Of the corpus, if whoever trains has made one; the reports then carry it.
  std::optional<dataset::Survey> survey;
  corpus::Split split;  // without what was taken out as a copy, which its statement tells
  ClipSounds sounds;
  LeakFindings leaks;
  // Rows of training and clips of validation and test that had to be normalised by the statistics
  // of the training part, since their group is unknown or too small.
  std::size_t without_own_statistics = 0;
  std::vector<dataset::Remark> failures;
  std::vector<dataset::Remark> warnings;
  std::size_t training_examples = 0;  // rows, with copies
  FitResult fit;                      // without parameters; of an ensemble nothing
  std::int64_t parameter_count = 0;   // of an ensemble like the rows those of all members together
  std::vector<MemberRecord> members;  // of an ensemble
  std::optional<eval::Metrics> validation;  // of the best epoch
  std::optional<eval::Metrics> test;
  eval::Calibration calibration;
  std::vector<std::string> classes;
  std::vector<std::size_t> tested;  // utterances of the test part
  Eigen::MatrixXf probabilities;    // [classes x tested]
  // Wall times differ from run to run; everything else does not.
  struct Timing {
    double features_s = 0.0;
    double training_s = 0.0;
  } timing;
};

struct TrainingResult {
  model::Recogniser classifier;
  TrainingReport report;
};

// Splits, reads, augments (the training part only), normalises (by the training part only), trains,
// chooses the epoch by the validation part and scores the test part once. The members of an
// ensemble are trained so one after the other, each as its recipe alone on the same split, then
// averaged, and the temperature of the mean is fitted to the validation part. Throws what its parts
// throw: CorpusError (also E_TRAIN_NO_CLIPS if nothing of a part could be read), ConfigError,
// Interrupted.
TrainingResult train_classifier(const std::filesystem::path& root, corpus::Manifest manifest,
                                const Recipe& recipe, core::ThreadPool& pool,
                                TrainingObserver& observer);

// The same on a split that was made before.
TrainingResult train_on_split(const std::filesystem::path& root, corpus::Manifest manifest,
                              corpus::Split split, const Recipe& recipe, core::ThreadPool& pool,
                              TrainingObserver& observer);

}  // namespace ser::train
