#pragma once

#include <string>
#include <vector>

#include "ser/core/error.h"
#include "ser/corpus/manifest.h"
#include "ser/train/checkpoint.h"
#include "ser/train/recipe.h"

namespace ser::apps {

struct CheckpointRequest {
  int every = 1;  // epochs; 0: no checkpoints
  bool resume = false;
};

// The checkpoints of a training, and the lock of its output: the folder of the checkpoints, which
// is there without any too, is locked while this lives.
class TrainingCheckpoints {
 public:
  // Recipe, seeds, clips and `final_model` tell the training from others.
  TrainingCheckpoints(const std::string& folder, const CheckpointRequest& request,
                      const train::Recipe& recipe, const std::vector<std::uint64_t>& seeds,
                      const corpus::Manifest& manifest, bool final_model);

  // Null where none are wanted.
  train::CheckpointFolder* get() { return wanted_ ? &folder_ : nullptr; }

  // Runs the training; where it ends early, tells what there is to go on from. Of a training that
  // diverged there is nothing: it would again.
  template <class Body>
  auto guard(Body&& body) {
    try {
      return body();
    } catch (const core::ConfigError& error) {
      if (error.code() == "E_TRAIN_DIVERGED") remove();
      tell();
      throw;
    } catch (...) {
      tell();
      throw;
    }
  }

  // The model is in its place.
  void remove();

 private:
  void tell() const;

  bool wanted_;
  train::CheckpointFolder folder_;
};

}  // namespace ser::apps
