#include "ser/train/search.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "ser/core/checksum.h"
#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/clips_checksum.h"
#include "ser/train/cross_validation.h"

#include "train/example_bank.h"
#include "train/fold_memory.h"
#include "train/fold_training.h"
#include "train/inner_folds.h"

namespace ser::train {
namespace {

// A trial as it is trained.
struct Contender {
  Trial trial;
  double bytes = 0.0;                             // that its largest fold takes
  std::string reads;                              // equal for trials that read the same numbers
  std::vector<std::optional<TrialScore>> scores;  // by inner fold

  bool is_out() const { return !trial.error.empty(); }

  // Over the first `folds`, in which it has been scored: what is known of later ones from an
  // earlier run must not count before its time.
  void settle(std::size_t folds) {
    trial.uars.clear();
    for (std::size_t f = 0; f < folds; ++f) {
      if (!scores[f]->uar) {
        trial.error = scores[f]->error;
        return;
      }
      trial.uars.push_back(*scores[f]->uar);
    }
    const Spread over_folds = spread(trial.uars);
    trial.mean = over_folds.mean;
    trial.deviation = over_folds.deviation;
  }
};

// Further is better, then the mean; the earlier trial of equals.
bool is_better(const Trial& a, const Trial& b) {
  if (a.error.empty() != b.error.empty()) return a.error.empty();
  if (a.error.empty() && a.uars.size() != b.uars.size()) return a.uars.size() > b.uars.size();
  if (a.error.empty() && a.mean != b.mean) return a.mean > b.mean;
  return a.number < b.number;
}

class Search {
 public:
  Search(const corpus::Manifest& manifest, const corpus::Split& split, const SearchRequest& request,
         int jobs, SearchObserver& observer)
      : request_(request),
        jobs_(jobs),
        observer_(observer),
        stop_requested_([&observer] { return observer.stop_requested(); }),
        inner_(inner_folds(manifest, split, request.recipe)),
        readers_(jobs) {}

  SearchReport run() {
    draw();
    take_known();
    observer_.on_plan(inner_.statement);
    std::vector<std::size_t> running(contenders_.size());
    for (std::size_t i = 0; i < running.size(); ++i) running[i] = i;
    std::size_t rung = 0;
    for (std::size_t folds = 1;; folds = std::min(2 * folds, inner_.folds.size())) {
      std::erase_if(running, [&](std::size_t i) { return contenders_[i].is_out(); });
      if (running.empty()) break;
      observer_.on_rung(rung++, running.size(), folds);
      score(running, folds);
      std::ranges::sort(running, [&](std::size_t a, std::size_t b) {
        return is_better(contenders_[a].trial, contenders_[b].trial);
      });
      if (folds == inner_.folds.size()) break;
      running.resize((running.size() + 1) / 2);
    }
    return report();
  }

 private:
  void draw() {
    const auto random = core::RandomStream(request_.recipe.seed).fork("search");
    for (std::size_t t = 0; t < request_.trials; ++t) {
      Contender& contender = contenders_.emplace_back();
      contender.trial.number = t;
      contender.scores.resize(inner_.folds.size());
      if (t > 0) {
        contender.trial.values =
            request_.space.draw(random.fork("trial").fork(static_cast<std::uint64_t>(t)));
      }
      if (observer_.stop_requested()) throw core::Interrupted();
      try {
        const auto setup = setup_of(contender);
        for (const auto& fold : inner_.folds) {
          contender.bytes = std::max(contender.bytes, bytes_of_fold(setup, fold.split));
        }
        contender.reads = core::checksum64_hex(
            core::json_text({core::config_to_json(setup.recipe.clip),
                             core::config_to_json(setup.recipe.features), setup.recipe.augment}));
      } catch (const core::ConfigError& error) {
        contender.trial.error = error.code() + " " + error.what();
      } catch (const core::ModelError& error) {
        contender.trial.error = error.code() + " " + error.what();
      }
    }
    // The recipe itself has to be one that can be trained: what is wrong with it is told at once.
    if (contenders_.front().is_out()) setup_of(contenders_.front());
  }

  // Made when it is needed: filter banks of all trials would fill the memory.
  TrainingSetup setup_of(const Contender& contender) const {
    return TrainingSetup(recipe_of(contender.trial), inner_.clips.classes.size());
  }

  // What judges is the same for all trials, and altered voices do so where there are no others.
  Recipe recipe_of(const Trial& trial) const {
    Recipe recipe = request_.space.with(trial.values);
    recipe.calibration = inner_.altered_voices ? "voices" : "none";
    return recipe;
  }

  void take_known() {
    for (const auto& score : request_.known) {
      if (score.trial >= contenders_.size() || score.fold >= inner_.folds.size()) {
        throw core::ConfigError("E_SEARCH_RESULT", "a score of trial " +
                                                       std::to_string(score.trial) + ", fold " +
                                                       std::to_string(score.fold) +
                                                       ", which this search does not have");
      }
      contenders_[score.trial].scores[score.fold] = score;
    }
  }

  // Once for all trials; not at all where every score is known.
  void check_leaks() {
    if (checked_) return;
    checked_ = true;
    const auto sounds = listen_to_clips(inner_.clips, all_clips(), readers_, stop_requested_);
    for (auto& fold : inner_.folds) {
      settle_leaks(inner_.clips, fold.split, sounds, request_.recipe.leaks);
    }
  }

  std::vector<std::size_t> all_clips() const {
    std::vector<std::size_t> all(inner_.clips.utterances.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }

  // Scores the trials in the first `folds` folds. Those that read the same numbers stand behind
  // each other, so that these are read once.
  void score(const std::vector<std::size_t>& running, std::size_t folds) {
    std::vector<std::string> readings;
    std::map<std::string, std::vector<std::size_t>> by_reading;
    for (const std::size_t i : running) {
      auto& group = by_reading[contenders_[i].reads];
      if (group.empty()) readings.push_back(contenders_[i].reads);
      group.push_back(i);
    }
    for (const auto& reading : readings) {
      std::vector<TrialScore> wanted;
      for (const std::size_t i : by_reading[reading]) {
        for (std::size_t f = 0; f < folds; ++f) {
          if (!contenders_[i].scores[f]) wanted.push_back({i, f, std::nullopt, ""});
        }
      }
      if (!wanted.empty()) score(wanted);
      for (const std::size_t i : by_reading[reading]) contenders_[i].settle(folds);
    }
  }

  // Of trials that read the same.
  void score(std::vector<TrialScore>& wanted) {
    check_leaks();
    read_for(contenders_[wanted.front().trial]);
    double largest = 1.0;
    for (const auto& one : wanted) largest = std::max(largest, contenders_[one.trial].bytes);
    core::ThreadPool pool(folds_that_fit(largest, wanted.size(), jobs_));
    const int helpers = std::max(1, jobs_ / pool.jobs());
    std::vector<bool> done(wanted.size());
    std::size_t told = 0;
    pool.parallel_for(wanted.size(), [&](std::size_t i, int) {
      train(wanted[i], helpers);
      // In their order, so that what is written does not depend on threads.
      const std::scoped_lock lock(told_mutex_);
      done[i] = true;
      for (; told < done.size() && done[told]; ++told) observer_.on_score(wanted[told]);
    });
    for (const auto& one : wanted) contenders_[one.trial].scores[one.fold] = one;
  }

  void read_for(const Contender& contender) {
    if (bank_ && bank_reads_ == contender.reads) return;
    bank_.reset();
    bank_reads_ = contender.reads;
    bank_setup_.emplace(setup_of(contender));
    bank_.emplace(inner_.clips, *bank_setup_);
    const auto all = all_clips();
    const core::RandomStream random(request_.recipe.seed);
    const std::size_t times = 1 + (bank_->alters() ? 1 : 0) + (inner_.altered_voices ? 1 : 0);
    std::size_t read = 0;
    const auto progress = [&](std::size_t done) {
      observer_.on_clips(read + done, times * all.size());
    };
    bank_->read(all, readers_, progress, stop_requested_);
    read += all.size();
    if (bank_->alters()) {
      bank_->read_altered(all, random, readers_, progress, stop_requested_);
      read += all.size();
    }
    if (inner_.altered_voices) {
      bank_->read_voices(all, random, readers_, progress, stop_requested_);
    }
  }

  void train(TrialScore& score, int jobs) {
    if (observer_.stop_requested()) throw core::Interrupted();
    const InnerFold& fold = inner_.folds[score.fold];
    try {
      const auto setup = setup_of(contenders_[score.trial]);
      Parts parts = bank_->take(fold.split);
      require_usable(parts, inner_.clips, fold.split, fold.classes, bank_->failures());
      core::ThreadPool pool(jobs);
      const auto fitted =
          fit_and_score(setup, std::move(parts), inner_.clips, fold.classes,
                        core::RandomStream(request_.recipe.seed), pool, {}, stop_requested_);
      const auto& answer = inner_.altered_voices ? fitted.answers.altered : fitted.answers.test;
      score.uar = counter_of(answer, inner_.clips, fold.classes).count().uar;
    } catch (const core::Error& error) {
      score.error = error.code() + " " + error.what();
    }
  }

  SearchReport report() {
    SearchReport result;
    result.recipe = request_.recipe;
    result.space = request_.space.to_json();
    result.statement = inner_.statement;
    result.folds = inner_.folds.size();
    for (auto& contender : contenders_) result.trials.push_back(std::move(contender.trial));
    std::ranges::sort(result.trials, is_better);
    const Trial& best = result.trials.front();
    if (!best.error.empty()) {
      throw core::CorpusError("E_TRAIN_NO_CLIPS",
                              "no trial could be trained; the first says: " + best.error);
    }
    result.best = request_.space.with(best.values);
    return result;
  }

  const SearchRequest& request_;
  int jobs_;
  SearchObserver& observer_;
  core::StopRequested stop_requested_;
  InnerFolds inner_;
  core::ThreadPool readers_;
  bool checked_ = false;
  std::vector<Contender> contenders_;
  std::optional<TrainingSetup> bank_setup_;  // outlives the bank
  std::optional<ExampleBank> bank_;
  std::string bank_reads_;
  std::mutex told_mutex_;
};

}  // namespace

SearchReport search(const corpus::Manifest& manifest, const corpus::Split& split,
                    const SearchRequest& request, int jobs, SearchObserver& observer) {
  if (request.recipe.members != core::Json::array()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "an ensemble is not searched; search the recipes of its members");
  }
  if (request.trials == 0 || request.trials > kMostTrials) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "trials: from 1 to " + std::to_string(kMostTrials) + " expected");
  }
  return Search(manifest, split, request, jobs, observer).run();
}

core::Json search_settings(const corpus::Manifest& manifest, const corpus::Split& split,
                           const SearchRequest& request) {
  using corpus::Utterance;
  const auto clips = choosing_clips(split);
  return {{"schema", std::string(kSearchSchema)},
          {"recipe", core::config_to_json(request.recipe)},
          {"space", request.space.to_json()},
          {"trials", request.trials},
          {"clips", clips.size()},
          {"checksum", corpus::clips_checksum(manifest, clips,
                                              {&Utterance::id, &Utterance::label,
                                               &Utterance::speaker, &Utterance::text})}};
}

}  // namespace ser::train
