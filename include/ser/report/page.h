#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/utterance.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/groups.h"
#include "ser/eval/metrics.h"
#include "ser/eval/scored_clips.h"
#include "ser/eval/stress.h"
#include "ser/model/recogniser.h"
#include "ser/report/page_sound.h"
#include "ser/train/cross_validation.h"
#include "ser/train/train_classifier.h"

namespace ser::report {

// A name and what is to be said of it.
using Fact = std::vector<std::string>;

struct NamedTable {
  std::string heading;
  std::vector<std::vector<std::string>> rows;  // the first heads the others
};

// How one network was trained.
struct TrainingCurves {
  std::string name;  // of a member of an ensemble
  std::vector<train::EpochRecord> history;
  int best_epoch = 0;
};

struct WrongClip {
  corpus::Utterance clip;
  std::string truth;
  std::string predicted;
  double confidence = 0.0;         // of what was predicted
  double truth_probability = 0.0;  // of what is true
};

// What a report tells, as a page and as a model card. All text may be any bytes.
struct PageContent {  // NOLINT(bugprone-exception-escape): JSON moves without one
  std::string title;
  std::string protocol;  // as eval::protocol_name()
  std::string statement;
  std::vector<std::string> reservations;  // what a reader of the scores has to know first
  std::vector<Fact> leak_check;
  std::string scored;  // which clips the scores are of; empty: there are none
  std::optional<eval::Metrics> metrics;
  std::optional<eval::Intervals> intervals;
  std::optional<eval::ScoredClips> clips;  // where probabilities are known
  std::vector<eval::Grouping> groupings;
  std::vector<NamedTable> tables;  // of folds, of members
  std::vector<TrainingCurves> curves;
  std::vector<Fact> calibration;
  std::optional<eval::StressReport> stress;
  std::vector<WrongClip> wrong;  // the surest first
  std::string wrong_note;
  std::vector<Fact> data;
  std::vector<Fact> model;
  core::Json configuration;  // the effective recipe
};

// Of a trained model with its test part; without one, of the validation part, with a reservation.
// `intervals` says how intervals are drawn. All throw as eval::bootstrap().
PageContent page_content(const train::TrainingReport& report, const eval::BootstrapConfig& config,
                         core::ThreadPool& pool);

// Of all test predictions of cross-validation; the clips that are listed are those of the first
// seed.
PageContent page_content(const train::CrossValidationReport& report,
                         const eval::BootstrapConfig& config, core::ThreadPool& pool);

// What ser-eval knows beside an evaluation.
struct EvaluatedModel {
  std::string name;  // as on the command line
  const model::Recogniser& recogniser;
  const corpus::Manifest& manifest;
};

// Speakers are told of by themselves also where `groupings` have none.
PageContent page_content(const eval::Evaluation& evaluation, const eval::Intervals& intervals,
                         std::vector<eval::Grouping> groupings,
                         const std::optional<eval::StressReport>& stress,
                         const EvaluatedModel& model, const eval::BootstrapConfig& config,
                         core::ThreadPool& pool);

// One HTML page that stands by itself: it asks nothing of any network, has its charts as SVG and
// runs one script of ours, which filters the list of clips that were labelled wrong. Written piece
// by piece; without embedded sound it has less than 3 MB, however many clips there are.
void write_page(const PageContent& content, const PageSound& sound,
                const std::function<void(std::string_view)>& sink);

// The same as Markdown, for people who read it where the model is: what it is for and not for,
// data, protocol, scores by class and speaker, limits.
std::string model_card(const PageContent& content);

}  // namespace ser::report
