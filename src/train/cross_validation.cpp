#include "ser/train/cross_validation.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include "ser/core/error.h"
#include "ser/corpus/fold_list.h"

#include "train/altered_voices.h"
#include "train/ensemble.h"
#include "train/example_bank.h"
#include "train/fold_memory.h"
#include "train/fold_training.h"
#include "train/prefixed_errors.h"
#include "train/run_statistics.h"
#include "train/stopwatch.h"

namespace ser::train {
namespace {

// Says what is wrong with one run with its name.
template <class Body>
auto naming_the_fold(const corpus::Split& split, std::uint64_t seed, Body&& body) {
  return with_prefixed_errors("fold " + (split.fold.empty() ? split.protocol : split.fold) +
                                  ", seed " + std::to_string(seed) + ": ",
                              std::forward<Body>(body));
}

// Every utterance that stands in a part of any run, or in the training part of one with this seed;
// sorted.
enum class Needed { kAll, kTraining };
std::vector<std::size_t> needed_by(const CrossValidationReport& report, std::uint64_t seed,
                                   Needed needed) {
  std::vector<bool> is_needed(report.manifest.utterances.size());
  const auto add = [&](const std::vector<std::size_t>& part) {
    for (const std::size_t i : part) is_needed[i] = true;
  };
  for (const auto& run : report.runs) {
    if (needed == Needed::kTraining && run.seed != seed) continue;
    add(run.split.train);
    if (needed == Needed::kTraining) continue;
    add(run.split.validation);
    add(run.split.test);
  }
  std::vector<std::size_t> utterances;
  for (std::size_t i = 0; i < is_needed.size(); ++i) {
    if (is_needed[i]) utterances.push_back(i);
  }
  return utterances;
}

int folds_at_once(const TrainingSetup& setup, const std::vector<FoldRun>& runs,
                  std::size_t folds_of_a_seed, int jobs) {
  double largest = 1.0;
  for (const auto& run : runs) largest = std::max(largest, bytes_of_fold(setup, run.split));
  return folds_that_fit(largest, folds_of_a_seed, jobs);
}

class CrossValidation {
 public:
  // Where `answers` are wanted, they are those of all runs in their order.
  CrossValidation(CrossValidationReport& report, const TrainingSetup& setup, std::size_t training,
                  int jobs, CrossValidationObserver& observer, std::vector<Answers>* answers)
      : report_(report),
        setup_(setup),
        training_(training),
        answers_(answers),
        jobs_(jobs),
        observer_(observer),
        stop_requested_([&observer] { return observer.stop_requested(); }),
        bank_(report.manifest, setup) {}

  void run() {
    split();
    core::ThreadPool readers(jobs_);
    check_leaks(readers);
    observer_.on_folds(report_.manifest, report_.runs);
    report_.folds_at_once = folds_at_once(setup_, report_.runs, largest_seed(), jobs_);

    const auto read = needed_by(report_, 0, Needed::kAll);
    clips_to_read_ = read.size();
    for (const auto seed : report_.seeds) {
      if (bank_.alters()) clips_to_read_ += needed_by(report_, seed, Needed::kTraining).size();
      clips_to_read_ += calibrated_by_voices(seed).size();
    }
    timed(report_.timing.features_s, [&] {
      bank_.read(read, readers, progress(), stop_requested_);
      clips_read_ += read.size();
    });
    if (answers_ != nullptr) answers_->resize(report_.runs.size());
    for (const auto seed : report_.seeds) run_seed(seed, readers);
    report_.failures = bank_.failures();
    report_.warnings = bank_.warnings();
    warn_of_unheard(report_.sounds, report_.failures, report_.warnings);
  }

 private:
  // Every seed makes its own splits, as it would alone. The report tells all of them.
  void split() {
    corpus::FoldBudget budget;
    for (const auto seed : report_.seeds) {
      const auto folds = corpus::list_folds(report_.manifest, setup_.recipe.split,
                                            core::RandomStream(seed).fork("split"));
      for (std::size_t f = 0; f < folds->size(); ++f) {
        FoldRun& run = report_.runs.emplace_back();
        run.seed = seed;
        run.split = folds->make(f);
        budget.add(run.split);
        run.classes = trained_classes(report_.manifest, run.split);
      }
    }
    report_.protocol = report_.runs.front().split.protocol;
  }

  std::size_t largest_seed() const {
    std::map<std::uint64_t, std::size_t> counts;
    for (const auto& run : report_.runs) ++counts[run.seed];
    std::size_t largest = 1;
    for (const auto& [seed, count] : counts) largest = std::max(largest, count);
    return largest;
  }

  // Every clip is heard once; every fold is checked.
  void check_leaks(core::ThreadPool& pool) {
    report_.sounds = listen_to_clips(report_.manifest, needed_by(report_, 0, Needed::kAll), pool,
                                     stop_requested_);
    for (auto& run : report_.runs) {
      naming_the_fold(run.split, run.seed, [&] {
        if (observer_.stop_requested()) throw core::Interrupted();
        run.leaks = settle_leaks(report_.manifest, run.split, report_.sounds, setup_.recipe.leaks);
        tell_removed(run.split, run.leaks);
      });
    }
  }

  // The clips that runs of a seed have in validation parts to which they need altered voices;
  // sorted.
  std::vector<std::size_t> calibrated_by_voices(std::uint64_t seed) const {
    std::set<std::size_t> clips;
    for (const auto& run : report_.runs) {
      if (run.seed != seed) continue;
      if (!needs_altered_voices(setup_.recipe, report_.manifest, run.split)) continue;
      clips.insert(run.split.validation.begin(), run.split.validation.end());
    }
    return {clips.begin(), clips.end()};
  }

  template <class Body>
  static void timed(double& seconds, Body&& body) {
    const Stopwatch time;
    body();
    seconds += time.seconds();
  }

  std::function<void(std::size_t)> progress() {
    return [this](std::size_t done) { observer_.on_clips(clips_read_ + done, clips_to_read_); };
  }

  void run_seed(std::uint64_t seed, core::ThreadPool& readers) {
    timed(report_.timing.features_s, [&] {
      const auto voices = calibrated_by_voices(seed);
      if (!voices.empty()) {
        bank_.read_voices(voices, core::RandomStream(seed), readers, progress(), stop_requested_);
        clips_read_ += voices.size();
      }
      if (!bank_.alters()) return;
      const auto trained = needed_by(report_, seed, Needed::kTraining);
      bank_.read_altered(trained, training_stream(seed, training_), readers, progress(),
                         stop_requested_);
      clips_read_ += trained.size();
    });
    std::vector<FoldRun*> runs;
    for (auto& run : report_.runs) {
      if (run.seed == seed) runs.push_back(&run);
    }
    // A network is the same to the bit for any number of threads, so it does not matter how they
    // are shared out: a fold a thread is the fastest, and what is left over helps within folds.
    timed(report_.timing.training_s, [&] {
      core::ThreadPool pool(report_.folds_at_once);
      const int helpers = std::max(1, jobs_ / report_.folds_at_once);
      pool.parallel_for(runs.size(), [&](std::size_t i, int) { run_fold(*runs[i], helpers); });
    });
  }

  void run_fold(FoldRun& run, int jobs) {
    if (observer_.stop_requested()) throw core::Interrupted();
    naming_the_fold(run.split, run.seed, [&] {
      Parts parts = bank_.take(run.split);
      require_usable(parts, report_.manifest, run.split, run.classes, bank_.failures());
      core::ThreadPool pool(jobs);
      auto fitted = fit_and_score(setup_, std::move(parts), report_.manifest, run.classes,
                                  training_stream(run.seed, training_), pool, {}, stop_requested_,
                                  observer_.checkpoints(),
                                  fit_name(setup_.recipe, training_, run.seed, run.split.fold));
      run.without_own_statistics = fitted.without_own_statistics;
      run.training_examples = fitted.training_examples;
      run.parameter_count = fitted.classifier.parameters.size();
      run.fit = std::move(fitted.fit);
      run.validation = std::move(fitted.validation);
      run.test = std::move(fitted.test);
      run.calibration = fitted.calibration;
      run.tested = fitted.answers.test.utterances;
      run.predicted = std::move(fitted.predicted);
      run.probabilities = fitted.answers.test.probabilities;
      if (answers_ != nullptr) {
        (*answers_)[static_cast<std::size_t>(&run - report_.runs.data())] =
            std::move(fitted.answers);
      }
    });
    const std::scoped_lock lock(done_mutex_);
    observer_.on_run(run, ++runs_done_, report_.runs.size());
  }

  CrossValidationReport& report_;
  const TrainingSetup& setup_;
  std::size_t training_;  // of a member, see members.h
  std::vector<Answers>* answers_;
  int jobs_;
  CrossValidationObserver& observer_;
  core::StopRequested stop_requested_;
  ExampleBank bank_;
  std::size_t clips_read_ = 0;
  std::size_t clips_to_read_ = 0;
  std::mutex done_mutex_;
  std::size_t runs_done_ = 0;
};

}  // namespace

std::vector<AllowedLeak> leaks_allowed(const CrossValidationReport& report) {
  std::vector<AllowedLeak> leaks;
  std::set<std::string> told;
  for (const auto& run : report.runs) {
    for (const auto& leak : run.leaks.allowed) {
      if (told.insert(leak.statement).second) leaks.push_back(leak);
    }
  }
  return leaks;
}

CrossValidationReport cross_validate(const std::filesystem::path& root, corpus::Manifest manifest,
                                     const Recipe& recipe, const std::vector<std::uint64_t>& seeds,
                                     int jobs, CrossValidationObserver& observer) {
  if (seeds.empty() || std::set(seeds.begin(), seeds.end()).size() != seeds.size()) {
    throw core::ConfigError("E_CONFIG_VALUE", "seeds: at least one is needed, and each once");
  }
  const auto members = members_of(recipe);
  auto report =
      members.empty()
          ? cross_validate_member(root, std::move(manifest), {recipe}, seeds, jobs, observer)
          : cross_validate_ensemble(root, manifest, recipe, members, seeds, jobs, observer);
  summarise(report);
  return report;
}

CrossValidationReport cross_validate_member(const std::filesystem::path& root,
                                            corpus::Manifest manifest, const Member& member,
                                            const std::vector<std::uint64_t>& seeds, int jobs,
                                            CrossValidationObserver& observer,
                                            std::vector<Answers>* answers) {
  Recipe first = member.recipe;
  first.seed = seeds.front();
  const TrainingSetup setup(first, manifest.classes.size());
  CrossValidationReport report;
  report.recipe = setup.recipe;
  report.root = root;
  report.manifest = std::move(manifest);
  report.seeds = seeds;
  CrossValidation(report, setup, member.training, jobs, observer, answers).run();
  return report;
}

Recipe without_judging(Recipe recipe) {
  recipe.split = {};
  // Speakers known or not: with no part but training there is nothing to keep apart.
  recipe.split.protocol = "speaker";
  recipe.split.validation_share = 0.0;
  recipe.split.test_share = 0.0;
  return recipe;
}

TrainingResult train_final(const CrossValidationReport& report, core::ThreadPool& pool,
                           TrainingObserver& observer) {
  if (report.recipe.members != core::Json::array()) {
    return train_final_ensemble(report, pool, observer);
  }
  std::vector<int> epochs;
  std::vector<double> temperatures;
  for (const auto& run : report.runs) {
    epochs.push_back(run.fit.best_epoch);
    temperatures.push_back(run.calibration.temperature);
  }
  Recipe recipe = without_judging(report.recipe);
  recipe.training.epochs = middle(std::move(epochs));
  auto result = train_classifier(report.root, report.manifest, recipe, pool, observer);
  auto parts = result.classifier.only().parts();
  result.report.calibration.temperature = middle(std::move(temperatures));
  parts.temperature = result.report.calibration.temperature;
  parts.provenance["result"]["calibration"] = eval::to_json(result.report.calibration);
  parts.provenance["cross_validation"] = summary_json(report);
  result.classifier = model::EmotionClassifier(std::move(parts));
  return result;
}

}  // namespace ser::train
