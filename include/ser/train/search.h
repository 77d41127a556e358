#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/json.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/train/recipe.h"
#include "ser/train/search_space.h"
#include "ser/train/trial_score.h"

namespace ser::train {

// A recipe that was drawn. The first is the one that the search begins with, as it is.
struct Trial {
  std::size_t number = 0;
  core::Json values = core::Json::object();  // of the fields of the space
  std::vector<double> uars;  // of the inner folds, in their order, as far as it came
  double mean = 0.0;         // of them
  double deviation = 0.0;    // of the sample; 0 of one
  std::string error;         // why it cannot be trained, or ended
};

struct SearchReport {
  Recipe recipe;  // the one that the search began with
  core::Json space;
  std::string statement;  // who chose, for people
  std::size_t folds = 0;  // inner ones
  // Best first: those that came furthest, by their mean; what failed is last.
  std::vector<Trial> trials;
  Recipe best;
};

// Told how far a search is, on one thread at a time; stop_requested() from any.
class SearchObserver {
 public:
  virtual ~SearchObserver() = default;
  // Before any sound is read: who chooses.
  virtual void on_plan(const std::string&) {}
  // Rungs count from 0.
  virtual void on_rung([[maybe_unused]] std::size_t rung, [[maybe_unused]] std::size_t trials,
                       [[maybe_unused]] std::size_t folds) {}
  virtual void on_clips([[maybe_unused]] std::size_t done, [[maybe_unused]] std::size_t total) {}
  // In an order that does not depend on threads. Not told of scores that were known.
  virtual void on_score(const TrialScore&) {}
  virtual bool stop_requested() { return false; }
};

struct SearchRequest {
  Recipe recipe;  // without members
  SearchSpace space;
  std::size_t trials = 1;         // the recipe as it is among them
  std::vector<TrialScore> known;  // of an earlier run of the same search
};

// The most trials of a search.
inline constexpr std::size_t kMostTrials = 100'000;

// Random search (Bergstra and Bengio, 2012) with successive halving (Jamieson and Talwalkar, 2016):
// all trials are scored in one inner fold, the better half in two, the better half of these in
// four, and so on to all. Folds, seed and the numbers of an augmentation are the same for all
// trials, so that they differ by their recipes alone.
//
// The inner folds are made of the training and validation part of `split`; its test part is not
// read. With two speakers or more a fold leaves out speakers (up to five groups). With one, or
// where speakers are unknown, there is no other voice to choose by: a fold leaves out a fifth of
// the texts (clips, where texts are unknown), and the trial is scored on copies of these by altered
// voices, as with calibration "voices".
//
// A trial that cannot be trained, or diverges, is out, and says why. The result does not depend on
// `jobs`, nor on what was known. Throws ConfigError (E_CONFIG_VALUE: an ensemble, or no trials or
// too many; E_SEARCH_RESULT: known scores of other trials or folds), what list_folds(),
// settle_leaks() and build_examples() throw, and CorpusError (E_TRAIN_NO_CLIPS) where no trial
// could be trained to the end.
SearchReport search(const corpus::Manifest& manifest, const corpus::Split& split,
                    const SearchRequest& request, int jobs, SearchObserver& observer);

inline constexpr std::string_view kSearchSchema = "ser-search/1";

// What tells one search from another, so that nothing is resumed that is not its own: recipe,
// space, number of trials, and the clips that choose. An object.
core::Json search_settings(const corpus::Manifest& manifest, const corpus::Split& split,
                           const SearchRequest& request);

}  // namespace ser::train
