#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "train/fold_training.h"

namespace ser::train {

// The examples of a manifest's clips, computed once, of which any number of folds take theirs: a
// clip as it is does not depend on fold or seed, its altered copies do on the seed alone. What a
// fold takes are the numbers that it would have computed itself.
class ExampleBank {
 public:
  ExampleBank(const corpus::Manifest& manifest, const TrainingSetup& setup);

  // Reads clips as they are. `progress` as in dataset::build_examples().
  void read(const std::vector<std::size_t>& utterances, core::ThreadPool& pool,
            const std::function<void(std::size_t)>& progress,
            const core::StopRequested& stop_requested);

  // Reads them once more and makes the copies that are altered, in the place of those made before.
  // With a plan that alters nothing there is nothing to do.
  void read_altered(const std::vector<std::size_t>& utterances, const core::RandomStream& random,
                    core::ThreadPool& pool, const std::function<void(std::size_t)>& progress,
                    const core::StopRequested& stop_requested);
  bool alters() const { return !altered_copies_.empty(); }

  // Reads them once more as said by altered voices (altered_voices.h), in the place of those
  // before.
  void read_voices(const std::vector<std::size_t>& utterances, const core::RandomStream& seed,
                   core::ThreadPool& pool, const std::function<void(std::size_t)>& progress,
                   const core::StopRequested& stop_requested);

  // The examples of a split: the training part with its copies, the others as they are, and the
  // validation part by altered voices where these are needed and have been read. What could
  // not be read has none. Of several at once each may take its own.
  Parts take(const corpus::Split& split) const;

  // Of everything read so far, by utterance; each failure once.
  const std::vector<dataset::Remark>& failures() const { return failures_; }
  const std::vector<dataset::Remark>& warnings() const { return warnings_; }

 private:
  // Examples, and where those of an utterance begin (-1: it has none).
  struct Store {
    dataset::ExampleSet examples;
    std::vector<Eigen::Index> first_column;
  };

  Store store(dataset::BuiltExamples built);
  dataset::ExampleSet take_part(const std::vector<std::size_t>& part, std::size_t copies) const;
  dataset::ExampleSet take_voices(const std::vector<std::size_t>& part) const;

  const corpus::Manifest& manifest_;
  const TrainingSetup& setup_;
  std::vector<std::size_t> altered_copies_;  // of the plan
  std::vector<bool> is_altered_;             // by copy of the plan
  Store as_is_;
  Store altered_;
  Store voices_;
  std::vector<dataset::Remark> failures_;
  std::vector<dataset::Remark> warnings_;
};

}  // namespace ser::train
