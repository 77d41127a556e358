#include "ser/train/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

#include "ser/core/checksum.h"
#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/fold_list.h"
#include "ser/train/cross_validation.h"

#include "train/altered_voices.h"
#include "train/example_bank.h"
#include "train/fold_memory.h"
#include "train/fold_training.h"

namespace ser::train {
namespace {

constexpr int kMostFolds = 5;
constexpr double kAlteredShare = 0.2;  // of the clips, where altered voices judge

// The clips that may choose: those of the training and validation part.
corpus::Manifest choosing_clips(const corpus::Manifest& manifest, const corpus::Split& split) {
  std::vector<std::size_t> chosen = split.train;
  chosen.insert(chosen.end(), split.validation.begin(), split.validation.end());
  std::ranges::sort(chosen);
  corpus::Manifest inner = manifest;
  inner.utterances.clear();
  for (const std::size_t i : chosen) inner.utterances.push_back(manifest.utterances[i]);
  std::erase_if(inner.classes, [&](const std::string& name) {
    return std::ranges::none_of(inner.utterances,
                                [&](const auto& utterance) { return utterance.label == name; });
  });
  return inner;
}

struct InnerFold {
  corpus::Split split;
  std::vector<std::string> classes;
};

// Who judges the trials.
struct InnerFolds {
  bool altered_voices = false;
  std::vector<InnerFold> folds;
  std::string statement;
};

InnerFold inner_fold(const corpus::Manifest& clips, corpus::Split split) {
  auto classes = trained_classes(clips, split);
  return {std::move(split), std::move(classes)};
}

InnerFolds speaker_folds(const corpus::Manifest& clips, const Recipe& recipe,
                         const core::RandomStream& random) {
  const auto speakers = clips.speakers().size();
  corpus::SplitConfig config;
  config.protocol = "speaker-kfold";
  config.folds = static_cast<int>(std::min<std::size_t>(speakers, kMostFolds));
  config.validation_share = recipe.split.validation_share;
  const auto list = corpus::list_folds(clips, config, random);
  InnerFolds inner;
  corpus::FoldBudget budget;
  for (std::size_t f = 0; f < list->size(); ++f) {
    inner.folds.push_back(inner_fold(clips, list->make(f)));
    budget.add(inner.folds.back().split);
  }
  inner.statement = std::to_string(inner.folds.size()) + " inner folds by speaker, of " +
                    std::to_string(speakers) + " speakers, choose";
  return inner;
}

InnerFolds altered_voice_folds(const corpus::Manifest& clips, bool speakers_known,
                               const core::RandomStream& random) {
  corpus::SplitConfig config;
  config.protocol = clips.texts().size() >= 2 ? "text" : "random";
  config.validation_share = kAlteredShare;
  config.test_share = 0.0;
  InnerFolds inner;
  inner.altered_voices = true;
  corpus::FoldBudget budget;
  for (int f = 0; f < kMostFolds; ++f) {
    const auto list = corpus::list_folds(clips, config, random.fork(static_cast<std::uint64_t>(f)));
    inner.folds.push_back(inner_fold(clips, list->make(0)));
    budget.add(inner.folds.back().split);
  }
  inner.statement =
      std::string(speakers_known ? "there is one speaker to train on" : "speakers are not known") +
      ", so that no other voice can choose: " + std::to_string(kMostFolds) +
      " drawings of a fifth of the " + (config.protocol == "text" ? "texts" : "clips") +
      ", said by altered voices, choose";
  return inner;
}

InnerFolds inner_folds(const corpus::Manifest& clips, const Recipe& recipe) {
  const auto random = core::RandomStream(recipe.seed).fork("search").fork("folds");
  const bool all_known = std::ranges::none_of(
      clips.utterances, [](const auto& utterance) { return utterance.speaker.empty(); });
  InnerFolds inner = all_known && clips.speakers().size() >= 2
                         ? speaker_folds(clips, recipe, random)
                         : altered_voice_folds(clips, all_known, random);
  return inner;
}

// A trial as it is trained.
struct Contender {
  Trial trial;
  std::optional<TrainingSetup> setup;             // none if it cannot be trained
  std::string reads;                              // equal for trials that read the same numbers
  std::vector<std::optional<TrialScore>> scores;  // by inner fold

  bool is_out() const { return !trial.error.empty(); }

  // Over the folds that it has been scored in.
  void settle() {
    trial.uars.clear();
    for (const auto& score : scores) {
      if (!score) continue;
      if (!score->uar) {
        trial.error = score->error;
        return;
      }
      trial.uars.push_back(*score->uar);
    }
    if (trial.uars.empty()) return;
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
        clips_(choosing_clips(manifest, split)),
        inner_(inner_folds(clips_, request.recipe)),
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
      try {
        contender.setup.emplace(recipe_of(contender.trial), clips_.classes.size());
        const auto& recipe = contender.setup->recipe;
        contender.reads =
            core::json_text(core::Json{core::config_to_json(recipe.clip),
                                       core::config_to_json(recipe.features), recipe.augment});
      } catch (const core::ConfigError& error) {
        contender.trial.error = error.code() + " " + error.what();
      } catch (const core::ModelError& error) {
        contender.trial.error = error.code() + " " + error.what();
      }
    }
    // The recipe itself has to be one that can be trained: what is wrong with it is told at once.
    if (contenders_.front().is_out()) {
      TrainingSetup(recipe_of(contenders_.front().trial), clips_.classes.size());
    }
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
    const auto sounds = listen_to_clips(clips_, all_clips(), readers_, stop_requested_);
    for (auto& fold : inner_.folds) {
      settle_leaks(clips_, fold.split, sounds, request_.recipe.leaks);
    }
  }

  std::vector<std::size_t> all_clips() const {
    std::vector<std::size_t> all(clips_.utterances.size());
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
      for (const std::size_t i : by_reading[reading]) contenders_[i].settle();
    }
  }

  // Of trials that read the same.
  void score(std::vector<TrialScore>& wanted) {
    check_leaks();
    read_for(contenders_[wanted.front().trial]);
    double largest = 1.0;
    for (const auto& one : wanted) {
      largest = std::max(
          largest, bytes_of_fold(*contenders_[one.trial].setup, inner_.folds[one.fold].split));
    }
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
    bank_.emplace(clips_, *contender.setup);
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
    const TrainingSetup& setup = *contenders_[score.trial].setup;
    try {
      Parts parts = bank_->take(fold.split);
      require_usable(parts, clips_, fold.split, fold.classes, bank_->failures());
      core::ThreadPool pool(jobs);
      const auto fitted =
          fit_and_score(setup, std::move(parts), clips_, fold.classes,
                        core::RandomStream(request_.recipe.seed), pool, {}, stop_requested_);
      const auto& answer = inner_.altered_voices ? fitted.answers.altered : fitted.answers.test;
      score.uar = counter_of(answer, clips_, fold.classes).count().uar;
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
  corpus::Manifest clips_;
  InnerFolds inner_;
  core::ThreadPool readers_;
  bool checked_ = false;
  std::vector<Contender> contenders_;
  std::optional<ExampleBank> bank_;
  std::string bank_reads_;
  std::mutex told_mutex_;
};

}  // namespace

core::Json to_json(const TrialScore& score) {
  core::Json json = {{"trial", score.trial}, {"fold", score.fold}};
  if (score.uar) {
    json["uar"] = *score.uar;
  } else {
    json["error"] = score.error;
  }
  return json;
}

TrialScore trial_score_from_json(const core::Json& json, std::string_view where) {
  const auto bad = [&](const std::string& why) {
    return core::ConfigError("E_SEARCH_RESULT", std::string(where) + " is no score: " + why);
  };
  if (!json.is_object() || json.size() != 3) throw bad("trial, fold, and uar or error expected");
  const auto count = [&](const char* key) {
    if (!json.contains(key) || !json[key].is_number_unsigned()) {
      throw bad(std::string(key) + " has to be a number from 0");
    }
    return json[key].get<std::size_t>();
  };
  TrialScore score{count("trial"), count("fold"), std::nullopt, ""};
  if (json.contains("uar") && json["uar"].is_number()) {
    score.uar = json["uar"].get<double>();
    // written so that NaN fails
    if (!(*score.uar >= 0.0 && *score.uar <= 1.0)) throw bad("uar has to lie between 0 and 1");
  } else if (json.contains("error") && json["error"].is_string()) {
    score.error = json["error"].get<std::string>();
    if (score.error.empty()) throw bad("an error has to say something");
  } else {
    throw bad("uar or error expected");
  }
  return score;
}

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
  const auto clips = choosing_clips(manifest, split);
  core::RunningChecksum ids;
  for (const auto& utterance : clips.utterances) {
    for (const auto* text : {&utterance.id, &utterance.label, &utterance.speaker}) {
      ids.update(*text);
      ids.update(std::string_view("\0", 1));
    }
  }
  return {{"schema", std::string(kSearchSchema)},
          {"recipe", core::config_to_json(request.recipe)},
          {"space", request.space.to_json()},
          {"trials", request.trials},
          {"clips", {{"count", clips.utterances.size()}, {"checksum", ids.hex()}}}};
}

}  // namespace ser::train
