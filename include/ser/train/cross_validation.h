#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/dataset/examples.h"
#include "ser/dataset/survey.h"
#include "ser/eval/calibration.h"
#include "ser/eval/metrics.h"
#include "ser/eval/scored_clips.h"
#include "ser/train/fit.h"
#include "ser/train/leaks.h"
#include "ser/train/recipe.h"
#include "ser/train/train_classifier.h"

namespace ser::train {

// One fold with one seed: what training found, and the test part's predictions.
struct FoldRun {
  std::uint64_t seed = 0;
  corpus::Split split;  // without what was taken out as a copy, which its statement tells
  LeakFindings leaks;
  std::size_t without_own_statistics = 0;  // as in TrainingReport
  std::vector<std::string> classes;
  std::size_t training_examples = 0;  // rows, with copies
  std::int64_t parameter_count = 0;
  FitResult fit;                      // without parameters; of an ensemble nothing
  std::vector<MemberRecord> members;  // of an ensemble
  std::optional<eval::Metrics> validation;
  std::optional<eval::Metrics> test;
  eval::Calibration calibration;
  std::vector<std::size_t> tested;  // utterances
  std::vector<int> predicted;       // index into `classes`, one of each tested
  Eigen::MatrixXf probabilities;    // [classes x tested]
};

struct Spread {
  double mean = 0.0;
  double deviation = 0.0;  // of the sample (n - 1); 0 of one value
  double least = 0.0;
  double most = 0.0;
};

// Of one or more values.
Spread spread(const std::vector<double>& values);

struct MetricSpreads {
  Spread accuracy;
  Spread uar;
  Spread macro_f1;
};

struct SpeakerScore {
  std::string speaker;
  eval::Metrics metrics;
};

struct CrossValidationReport {
  Recipe recipe;               // effective; its seed is the first
  std::filesystem::path root;  // of the corpus
  corpus::Manifest manifest;
  std::optional<dataset::Survey> survey;  // as in TrainingReport
  std::string protocol;
  std::vector<std::uint64_t> seeds;
  ClipSounds sounds;
  std::vector<FoldRun> runs;  // all folds of the first seed, then those of the next
  std::vector<dataset::Remark> failures;
  std::vector<dataset::Remark> warnings;
  // Over all runs that have a test part; nothing, like the next two, where none has.
  std::optional<MetricSpreads> spreads;
  // Over seeds, of the mean over folds: how much of the spread is chance and not folds.
  std::optional<MetricSpreads> spreads_of_seeds;
  // All test predictions of all runs counted together: with one seed each clip once, if the folds
  // test each clip once. Without what is of probabilities where folds differ in their classes.
  std::optional<eval::Metrics> pooled;
  std::vector<SpeakerScore> speakers;  // the same by who speaks; empty where that is unknown
  // Wall times differ from run to run; everything else does not.
  struct Timing {
    double features_s = 0.0;
    double training_s = 0.0;
  } timing;
  int folds_at_once = 1;
};

// All test predictions of all runs, one after the other, with their probabilities; nothing where
// runs differ in their classes.
std::optional<eval::ScoredClips> scored_clips(const CrossValidationReport& report);

// The leaks that any run was allowed, each once.
std::vector<AllowedLeak> leaks_allowed(const CrossValidationReport& report);

// Told how far cross-validation is, on one thread at a time; stop_requested() from any.
class CrossValidationObserver {
 public:
  virtual ~CrossValidationObserver() = default;
  // Before the folds of each member of an ensemble.
  virtual void on_member(const std::string&, [[maybe_unused]] std::size_t done,
                         [[maybe_unused]] std::size_t total) {}
  // All that will be trained, before any sound is read.
  virtual void on_folds(const corpus::Manifest&, const std::vector<FoldRun>&) {}
  virtual void on_clips([[maybe_unused]] std::size_t done, [[maybe_unused]] std::size_t total) {}
  virtual void on_run([[maybe_unused]] const FoldRun& run, [[maybe_unused]] std::size_t done,
                      [[maybe_unused]] std::size_t total) {}
  virtual bool stop_requested() { return false; }
  // As that of TrainingObserver, for all folds; used by several threads.
  virtual CheckpointFolder* checkpoints() { return nullptr; }
};

// Trains and scores every fold of the recipe's protocol with every seed (the recipe's own counts
// for nothing): each run splits, normalises, chooses its epoch and is tested as train_classifier()
// does with that split and seed, to the bit, but sound is read once for all. As many folds run at
// once as there are jobs, unless they would need more than half of the machine's memory; the
// results do not depend on it. Throws what train_classifier() throws, with the names of fold and
// seed in the message, and ConfigError E_CONFIG_VALUE for no seed or one that stands twice.
CrossValidationReport cross_validate(const std::filesystem::path& root, corpus::Manifest manifest,
                                     const Recipe& recipe, const std::vector<std::uint64_t>& seeds,
                                     int jobs, CrossValidationObserver& observer);

// Trains one classifier on every clip, with the first seed. There is no validation part: it trains
// as many epochs as the runs' best epochs have for median, and takes the median of their
// temperatures. Its provenance carries the summary of the folds, the only honest score that it has.
TrainingResult train_final(const CrossValidationReport& report, core::ThreadPool& pool,
                           TrainingObserver& observer);

inline constexpr std::string_view kCrossValidationSchema = "ser-cross-validation/1";

// The whole report: recipe, corpus, and of every run its split by ids, history and scores, the
// summary, times.
core::Json to_json(const CrossValidationReport& report);

// {"protocol", "seeds", "folds", "accuracy": {"mean", "deviation", "least", "most"}, "uar",
// "macro_f1", "over_seeds": {...}, "pooled": metrics, "speakers": [...]}; without test clips there
// are nulls in place of scores.
core::Json summary_json(const CrossValidationReport& report);

}  // namespace ser::train
