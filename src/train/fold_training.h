#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ser/augment/plan.h"
#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/dataset/examples.h"
#include "ser/eval/calibration.h"
#include "ser/eval/metrics.h"
#include "ser/eval/scored_clips.h"
#include "ser/features/extractor.h"
#include "ser/model/emotion_classifier.h"
#include "ser/train/checkpoint.h"
#include "ser/train/fit.h"
#include "ser/train/leaks.h"
#include "ser/train/recipe.h"

#include "train/renewal.h"

namespace ser::train {

// What a recipe trains with. Whatever can be wrong with the recipe is found when this is made,
// before any sound is read.
struct TrainingSetup {
  TrainingSetup(const Recipe& recipe, std::size_t classes);

  // The recipe's layers and the output layer.
  core::Json layers(std::size_t classes, std::size_t training_examples) const;

  Recipe recipe;  // effective
  features::FeatureExtractor extractor;
  augment::AugmentationPlan plan;
  Renewal renewal;
  // Of a network for all classes; where it holds its training examples, of one that holds one.
  std::int64_t parameter_count = 0;
};

// The three parts of a split as examples, labels as the manifest counts them.
struct Parts {
  dataset::ExampleSet train;
  dataset::ExampleSet validation;
  dataset::ExampleSet test;
  // Copies of the validation part by altered voices, where the temperature is fitted to these.
  dataset::ExampleSet altered;
};

// The classes that a split trains, sorted: those of the manifest, unless it left some out.
std::vector<std::string> trained_classes(const corpus::Manifest& manifest,
                                         const corpus::Split& split);

// Throws CorpusError (E_TRAIN_NO_CLIPS) if a part that the split has is empty, or a class has no
// example in the training part; the first of `failures` says why.
void require_usable(const Parts& parts, const corpus::Manifest& manifest,
                    const corpus::Split& split, const std::vector<std::string>& classes,
                    const std::vector<dataset::Remark>& failures);

// Says in the split's statement what the leak check has taken out of it.
void tell_removed(corpus::Split& split, const LeakFindings& findings);

// What a network says of a part: probabilities [classes x utterances], and of which utterances,
// sorted; one of several copies stands as often.
struct PartAnswer {
  std::vector<std::size_t> utterances;
  Eigen::MatrixXf probabilities;
};

// Of each utterance the index of its label in `classes`, which are sorted and have all of them.
std::vector<int> labels_of(const PartAnswer& answer, const corpus::Manifest& manifest,
                           const std::vector<std::string>& classes);

// The scores of an answer whose probabilities another temperature has.
eval::ClipCounter counter_of(const PartAnswer& answer, const corpus::Manifest& manifest,
                             const std::vector<std::string>& classes, double temperature = 1.0);

// Of the parts that it was not trained on.
struct Answers {
  PartAnswer validation;
  PartAnswer test;
  PartAnswer altered;
};

// One network, trained and scored.
struct FittedParts {
  model::ClassifierParts classifier;       // without provenance
  FitResult fit;                           // without parameters
  std::size_t training_examples = 0;       // rows, with copies
  std::size_t without_own_statistics = 0;  // as in TrainingReport
  std::optional<eval::Metrics> validation;
  std::optional<eval::Metrics> test;
  eval::Calibration calibration;
  Answers answers;
  // Of the answers to the test part the class that was most probable, an index into the
  // classifier's.
  std::vector<int> predicted;
};

// Normalises as the recipe says, trains, chooses the epoch and the temperature by the validation
// part and scores the test part, which the network answers here only and only once. `random` is the
// stream of the run's seed. With `checkpoints` the fit of this
// name goes on from there and is kept there.
FittedParts fit_and_score(const TrainingSetup& setup, Parts parts, const corpus::Manifest& manifest,
                          const std::vector<std::string>& classes, const core::RandomStream& random,
                          core::ThreadPool& pool,
                          const std::function<void(const EpochRecord&)>& on_epoch,
                          const core::StopRequested& stop_requested,
                          CheckpointFolder* checkpoints = nullptr, const std::string& fit = "");

// What a fit is called among all of a training: by its recipe, which has its seed, which of the
// recipe's trainings it is, and the seed and fold of cross-validation.
std::string fit_name(const Recipe& recipe, std::size_t training, std::uint64_t seed,
                     const std::string& fold = "");

}  // namespace ser::train
