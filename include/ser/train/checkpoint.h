#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/descriptor.h"
#include "ser/core/file.h"
#include "ser/core/json.h"
#include "ser/train/fit.h"

namespace ser::train {

// The best epoch so far, and for how long there has been no better one. An epoch is judged by
// `score` (the higher the better), of equals by `loss`.
struct BestEpoch {
  double score = -std::numeric_limits<double>::infinity();
  double loss = std::numeric_limits<double>::infinity();
  int epochs_since = 0;

  // Whether it is better than all before.
  bool update(double new_score, double new_loss);
};

// How far a training is at the end of an epoch: all that the next one depends on beside the
// examples, the configuration and the stream of random numbers.
struct FitState {
  std::string examples;  // checksum of those that it is trained on and validated by
  bool done = false;     // nothing but `result` is left of it then
  nn::Vector parameters;
  nn::Optimizer::State optimizer;
  nn::Vector average;  // of the parameters; empty where there is none
  std::int64_t average_steps = 0;
  std::int64_t steps = 0;
  BestEpoch best;
  BestEpoch plateau;
  FitResult result;  // so far
};

// The bytes of it, with a checksum; `fit` says of which fit of a training it is. The file:
//
//   8 bytes   "SERCHKPT"
//   8 bytes   length of the header, little-endian
//   header    JSON: {"version", "fit", "examples", "done", counts and sizes}
//   numbers   float64: learning rate, best and plateau, the records of all epochs; then float32:
//             parameters, average, parameters of the best epoch, moments of the optimizer
//   8 bytes   XXH3 of all before
std::string serialize(const FitState& state, const std::string& fit);

// Throws ConfigError (E_CHECKPOINT_DAMAGED) for what is not such a file, cut off, altered or of
// another fit; sizes are checked before memory is taken. `where` is for messages.
FitState deserialize_fit_state(std::string_view bytes, const std::string& fit,
                               const std::string& where);

// The checkpoints of a training that is interrupted in whatever way, kill -9 too: a file for each
// fit that it is made of (members of an ensemble, folds), and the one before it, in a folder of
// their own. Each is written whole or not at all. While it lives, the folder is locked (flock), so
// that no second program trains to the same place. Fits may save at the same time.
class CheckpointFolder {
 public:
  enum class Start { kNew, kResume };

  // `settings` (an object) tell one training from another; `every`: epochs between two checkpoints.
  // Throws OutputError: E_OUTPUT_LOCKED, E_OUTPUT_OPEN, E_OUTPUT_WRITE; ConfigError:
  // E_OUTPUT_UNFINISHED where Start is kNew and an earlier training left checkpoints,
  // E_RESUME_SETTINGS where Start is kResume and they are of another.
  CheckpointFolder(std::filesystem::path path, const core::Json& settings, Start start,
                   int every = 1);
  // Removes the folder if nothing was saved; so does core::remove_temporary_files().
  ~CheckpointFolder();
  CheckpointFolder(const CheckpointFolder&) = delete;
  CheckpointFolder& operator=(const CheckpointFolder&) = delete;

  // Whether this epoch is one to save after.
  bool is_due(int epoch) const { return epoch % every_ == 0; }
  bool locked() const { return locked_; }
  const std::filesystem::path& path() const { return path_; }

  // Whether there is something to go on from.
  bool is_empty() const;

  // The last state that is whole of the fit of that name; nothing with Start kNew, or where there
  // is none. Throws as deserialize_fit_state() where no file of the fit is whole.
  std::optional<FitState> load(const std::string& fit) const;

  // Throws OutputError (E_OUTPUT_OPEN, E_OUTPUT_WRITE).
  void save(const std::string& fit, const FitState& state);

  // The training is done, and its result is in its place: removes all of it.
  void remove();

 private:
  void lock();
  void compare_settings() const;
  void write_settings();
  std::filesystem::path file(const std::string& fit) const;

  std::filesystem::path path_;
  core::Json settings_;
  Start start_;
  int every_;
  std::once_flag settings_written_;
  bool locked_ = true;
  bool removed_ = false;
  core::Descriptor lock_;
  std::optional<core::TemporaryName> lock_name_;
  std::optional<core::TemporaryName> name_;
};

// Where fit() goes on, and keeps how far it is.
struct FitCheckpoint {
  CheckpointFolder& folder;
  std::string fit;  // its name in the folder
};

}  // namespace ser::train
