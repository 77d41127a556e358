#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/dataset/examples.h"
#include "ser/eval/scored_clips.h"
#include "ser/model/recogniser.h"

namespace ser::eval {

// Which clips of a tree are scored. A clip is known again by its sound, not by its name.
enum class Part {
  kUnseen,  // those the model was neither trained on nor chosen by: its test part, and all that is
            // new to it
  kTest,    // the model's test part
  kValidation,  // the part that chose the epoch
  kTrain,       // the part it was trained on
  kLeftOut,     // those of its corpus that its protocol put into no part
  kAll
};

// How many clips of a tree belong to which part of the model's training.
struct PartCounts {
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;
  // Of the model's corpus and in no part: by its protocol (a speaker or text of the other side), or
  // as a copy of a clip of the validation or test part (the leak check).
  std::int64_t left_out = 0;
  std::int64_t removed = 0;
  std::int64_t unknown = 0;  // the model has never met them

  std::int64_t sum() const { return train + validation + test + left_out + removed + unknown; }
};

struct Evaluation {
  Metrics metrics;
  ScoredClips clips;                    // those that are scored
  std::vector<std::size_t> utterances;  // in the manifest, one of each of them
  PartCounts in_tree;
  PartCounts scored;
  // Clips in the tree that are not the model's own but near-identical to one (audio/
  // fingerprint_index.h); they count as that.
  std::int64_t near_copies = 0;
  std::string normalization;  // as in dataset/group_statistics.h
  // Clips that had to be normalised by the training part's statistics, since nothing is known of
  // their speaker (corpus), or too few of its clips are scored.
  std::int64_t without_own_statistics = 0;
  std::vector<std::string> leaks_allowed;  // with which the model was trained, in sentences
  // Of the model's own protocol, as corpus::speaker_dependence(); empty where it is not the
  // score's.
  std::string speakers;
  // Of the score: the model's own, "other data", "left-out clips", "test part and other data" or
  // "contaminated".
  std::string protocol;
  std::string statement;  // what was scored and what was not, in a sentence or two
  // Clips whose label the model does not know, with their count; not scored.
  std::vector<std::pair<std::string, std::int64_t>> unknown_labels;
  std::vector<dataset::Remark> failures;
  std::vector<dataset::Remark> warnings;

  // The model was trained on, or its epoch chosen by, clips that are in the score.
  bool contaminated() const { return scored.train + scored.validation > 0; }
};

// A protocol with what it says of speakers, where it does, as every score is told with it:
// "speaker (speaker-independent)".
std::string protocol_name(const std::string& protocol, const std::string& speakers);

// Labels are compared by name. Throws CorpusError (E_EVAL_NO_CLIPS) if nothing is left to score.
Evaluation evaluate(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                    Part part, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress = {},
                    const core::StopRequested& stop_requested = {});

// How the model's corpus was labelled ("emotion" or "folder"), so that another is read alike.
std::string label_mode(const model::Recogniser& recogniser);

// What the model's training made of labels (CorpusConfig::map), as far as the manifest has them: so
// that its own test part is labelled alike.
std::vector<std::string> label_map(const model::Recogniser& recogniser,
                                   const corpus::Manifest& manifest);

inline constexpr std::string_view kEvaluationSchema = "ser-evaluation/2";
core::Json to_json(const Evaluation& evaluation, const corpus::Manifest& manifest);

}  // namespace ser::eval
