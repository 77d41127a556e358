#pragma once

#include <optional>
#include <string>

#include "ser/corpus/manifest.h"
#include "ser/train/recipe_comparison.h"
#include "ser/train/train_classifier.h"

#include "app_main.h"
#include "progress.h"

namespace ser::apps {

// Tells on stderr how training goes.
class TerminalObserver : public train::TrainingObserver {
 public:
  explicit TerminalObserver(train::CheckpointFolder* checkpoints) : checkpoints_(checkpoints) {}

  void on_split(const corpus::Manifest& manifest, const corpus::Split& split) override;
  void on_member(const std::string& name, std::size_t done, std::size_t total) override;
  void on_clips(std::size_t done, std::size_t total) override;
  void on_epoch(const train::EpochRecord& record, int max_epochs) override;
  bool stop_requested() override { return apps::stop_requested(); }
  train::CheckpointFolder* checkpoints() override { return checkpoints_; }
  void finish();

 private:
  train::CheckpointFolder* checkpoints_;
  std::optional<Progress> clips_;
  std::optional<Progress> epochs_;
};

// Tells on stderr how the folds go, of one recipe or of several: a line each.
class FoldObserver : public train::ComparisonObserver {
 public:
  explicit FoldObserver(train::CheckpointFolder* checkpoints) : checkpoints_(checkpoints) {}

  void on_recipe(const std::string& name, std::size_t done, std::size_t total) override;
  void on_member(const std::string& name, std::size_t done, std::size_t total) override;
  void on_folds(const corpus::Manifest& manifest, const std::vector<train::FoldRun>& runs) override;
  void on_clips(std::size_t done, std::size_t total) override;
  void on_run(const train::FoldRun& run, std::size_t done, std::size_t total) override;
  bool stop_requested() override { return apps::stop_requested(); }
  train::CheckpointFolder* checkpoints() override { return checkpoints_; }

 private:
  train::CheckpointFolder* checkpoints_;
  std::optional<Progress> clips_;
};

// What was found in the recordings, of all runs together.
void talk_findings(const train::CrossValidationReport& report);

// What could not be used, or only with a reservation; the first of each kind.
void talk_remarks(const corpus::Manifest& manifest, const std::vector<dataset::Remark>& failures,
                  const std::vector<dataset::Remark>& warnings);
void talk_removed(const corpus::Manifest& manifest, const std::vector<train::RemovedClip>& removed);
void talk_label_conflicts(const corpus::Manifest& manifest,
                          const std::vector<train::LabelConflict>& conflicts);
void talk_normalization(const std::string& normalization, std::size_t without_own_statistics);

}  // namespace ser::apps
