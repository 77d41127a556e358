#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ser/core/block_pipeline.h"
#include "ser/core/error.h"
#include "ser/features/extractor.h"
#include "ser/model/clip_batch.h"
#include "ser/report/prediction_rows.h"

#include "prediction_summary.h"
#include "resumed_inputs.h"
#include "row_output.h"

namespace ser::apps {

// All inputs are of one speaker (one corpus), so that they can be normalised by their own
// statistics; otherwise each is normalised by those of the training part.
enum class Inputs { kUnrelated, kTogether };

// What is done with recordings in which nobody speaks: an emotion like the others, or no_speech.
enum class Silence { kLabelled, kFound };

// Turns recordings into rows, in the order in which they are added, while later ones are read.
// Where they are normalised together, nothing is written before finish(), and their features stay
// in memory.
class PredictionRun {
 public:
  // Goes on from where `output` was left: as many recordings as have rows there are passed over.
  PredictionRun(const model::Recogniser& recogniser, const report::PredictionRowWriter& writer,
                int jobs, Inputs inputs, Silence silence, RowOutput& output);

  void add(const std::string& path);
  // A row for an input that is no recording at all.
  void add_failure(const std::string& path, const core::Error& error);
  // Throws core::Interrupted, as add() does, once a signal asked for it. Throws ConfigError
  // (E_RESUME_INPUTS) where the recordings are not those of the run that is resumed.
  void finish();

  const PredictionSummary& summary() const { return summary_; }

 private:
  struct Block {
    std::vector<report::PredictionRow> rows;
    std::vector<double> sound_s;
    std::optional<model::ClipBatch> clips;  // one a row
    std::string inputs;                     // checksum of all names up to the last row
  };

  struct Together {
    std::vector<report::PredictionRow> rows;
    std::vector<double> sound_s;
    std::vector<model::RecogniserInput> inputs;  // of the usable rows, some at a time
  };

  void add_row(report::PredictionRow row);
  void submit();
  void compute_features(std::size_t slot, std::size_t item, int worker);
  void compute_probabilities(std::size_t slot);
  static model::RecogniserInput usable_input(Block& block);
  void finish_block(std::size_t slot);
  void write_together();
  void write(const report::PredictionRow& row, double sound_s);

  const model::Recogniser& recogniser_;
  const report::PredictionRowWriter& writer_;
  Inputs inputs_;
  Silence silence_;
  RowOutput& output_;
  ResumedInputs resumed_;
  PredictionSummary summary_;
  std::vector<features::FeatureExtractor::Workspace> workspaces_;  // one a worker
  Together together_;
  std::vector<Block> blocks_;     // one a slot
  std::size_t slot_ = 0;          // that is being filled
  core::BlockPipeline pipeline_;  // last: its threads use the rest
};

}  // namespace ser::apps
