#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/dataset/examples.h"
#include "ser/model/recogniser.h"

namespace ser::eval {

// What a recogniser says of some clips of a manifest.
struct Answer {
  std::vector<std::size_t> utterances;  // those that every member could use, sorted
  Eigen::MatrixXf probabilities;        // [classes x utterances]
  // Clips that had to be normalised by the statistics of the training part.
  std::size_t by_training = 0;
  // Of all members, of an utterance once.
  std::vector<dataset::Remark> failures;
  std::vector<dataset::Remark> warnings;
};

// `chosen`: sorted indices into the manifest. Clips are normalised as the recogniser asks for,
// their groups told by the manifest. `progress` is called with the number of finished clips and how
// many there are: each counts as often as it has to be read.
Answer answer_of(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                 const std::vector<std::size_t>& chosen, core::ThreadPool& pool,
                 const std::function<void(std::size_t, std::size_t)>& progress,
                 const core::StopRequested& stop_requested);

}  // namespace ser::eval
