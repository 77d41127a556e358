#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/augment/plan.h"
#include "ser/core/interrupted.h"
#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/dataset/clip_config.h"
#include "ser/dataset/clip_features.h"
#include "ser/features/extractor.h"

namespace ser::dataset {

// Features in memory, an example a column, in the order of the utterances and, within one, of its
// copies.
struct ExampleSet : ClipFeatures {
  std::vector<int> labels;              // index of the class, one an example
  std::vector<std::size_t> utterances;  // index into the manifest, one an example

  std::size_t size() const { return labels.size(); }
};

// A recording that could not be used, or only with a reservation.
struct Remark {
  std::size_t utterance = 0;
  std::string code;  // of the AudioError; empty for a warning
  std::string message;
};

// Adds what is told of utterances of which nothing is told yet, and sorts by utterance: a recording
// that is read more than once is told of once.
void add_remarks(std::vector<Remark>& remarks, std::vector<Remark> more);

struct BuiltExamples {
  ExampleSet examples;
  std::vector<Remark> failures;  // these utterances have no example
  std::vector<Remark> warnings;
};

struct ExampleRequest {
  const corpus::Manifest& manifest;
  std::span<const std::size_t> utterances;  // sorted indices into the manifest
  const ClipConfig& clip;
  const features::FeatureExtractor& extractor;
  // Copies of each clip; an utterance draws from random.fork(id), whatever else is in the request.
  const augment::AugmentationPlan& plan;
  core::RandomStream random;
  // Of the plan's copies those to make, in rising order; none named: all.
  std::vector<std::size_t> copies{};
};

// Reads each recording, makes its copies and their features. A recording that cannot be read is a
// failure and not an exception. `progress` is called with the number of finished utterances, from
// any worker but never by two at once.
BuiltExamples build_examples(const ExampleRequest& request, core::ThreadPool& pool,
                             const std::function<void(std::size_t)>& progress = {},
                             const core::StopRequested& stop_requested = {});

}  // namespace ser::dataset
