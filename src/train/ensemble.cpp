#include "train/ensemble.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "ser/core/error.h"
#include "ser/eval/scored_clips.h"
#include "ser/train/report.h"

#include "train/altered_voices.h"
#include "train/run_statistics.h"

namespace ser::train {
namespace {

// Tells of each member what is told of a training, but of the split, which all share, once.
class MemberObserver : public TrainingObserver {
 public:
  explicit MemberObserver(TrainingObserver& observer) : observer_(observer) {}

  void on_split(const corpus::Manifest& manifest, const corpus::Split& split) override {
    if (!told_split_) observer_.on_split(manifest, split);
    told_split_ = true;
  }
  void on_clips(std::size_t done, std::size_t total) override { observer_.on_clips(done, total); }
  void on_epoch(const EpochRecord& record, int max_epochs) override {
    observer_.on_epoch(record, max_epochs);
  }
  bool stop_requested() override { return observer_.stop_requested(); }
  CheckpointFolder* checkpoints() override { return observer_.checkpoints(); }

 private:
  TrainingObserver& observer_;
  bool told_split_ = false;
};

// The same for folds.
class MemberFoldsObserver : public CrossValidationObserver {
 public:
  explicit MemberFoldsObserver(CrossValidationObserver& observer) : observer_(observer) {}

  void on_folds(const corpus::Manifest& manifest, const std::vector<FoldRun>& runs) override {
    if (!told_folds_) observer_.on_folds(manifest, runs);
    told_folds_ = true;
  }
  void on_clips(std::size_t done, std::size_t total) override { observer_.on_clips(done, total); }
  void on_run(const FoldRun& run, std::size_t done, std::size_t total) override {
    observer_.on_run(run, done, total);
  }
  bool stop_requested() override { return observer_.stop_requested(); }
  CheckpointFolder* checkpoints() override { return observer_.checkpoints(); }

 private:
  CrossValidationObserver& observer_;
  bool told_folds_ = false;
};

// Of a TrainingReport or a FoldRun; its epochs are moved out.
template <class Trained>
MemberRecord record_of(const Member& member, Trained& trained) {
  return {member.name(),          trained.training_examples, trained.parameter_count,
          std::move(trained.fit), trained.validation,        trained.test,
          trained.calibration};
}

// Adds a member to what is told of the whole.
template <class Trained>
void add_record(Trained& whole, MemberRecord record) {
  whole.training_examples += record.training_examples;
  whole.parameter_count += record.parameter_count;
  whole.members.push_back(std::move(record));
}

// What is told of the first member, as that of a whole without members yet.
template <class Trained>
void begin_whole(Trained& whole) {
  whole.training_examples = 0;
  whole.parameter_count = 0;
  whole.fit = {};
}

template <class Trained>
void settle_whole(Trained& whole, const CombinedParts& combined) {
  whole.validation = combined.validation;
  whole.test = combined.test;
  whole.calibration = combined.calibration;
}

// The mean of one part over the members, of the clips that all of them could use.
PartAnswer mean_answer(std::span<const Answers> answers, PartAnswer Answers::*part) {
  PartAnswer mean;
  mean.utterances = (answers.front().*part).utterances;
  for (const auto& answer : answers) {
    std::vector<std::size_t> common;
    std::ranges::set_intersection(mean.utterances, (answer.*part).utterances,
                                  std::back_inserter(common));
    mean.utterances = std::move(common);
  }
  std::vector<Eigen::MatrixXf> of_members;
  for (const auto& answer : answers) {
    const auto& [utterances, probabilities] = answer.*part;
    auto& chosen = of_members.emplace_back(probabilities.rows(),
                                           static_cast<Eigen::Index>(mean.utterances.size()));
    for (std::size_t i = 0; i < mean.utterances.size(); ++i) {
      // copies of one utterance stand behind each other
      const auto first = std::ranges::lower_bound(mean.utterances, mean.utterances[i]);
      const auto copy = static_cast<std::ptrdiff_t>(i) - (first - mean.utterances.begin());
      const auto found = std::ranges::lower_bound(utterances, mean.utterances[i]);
      chosen.col(static_cast<Eigen::Index>(i)) =
          probabilities.col(found - utterances.begin() + copy);
    }
  }
  mean.probabilities = model::mean_of(of_members);
  const bool was_any =
      std::ranges::any_of(answers, [&](const auto& a) { return !(a.*part).utterances.empty(); });
  if (was_any && mean.utterances.empty()) {
    throw core::CorpusError("E_TRAIN_NO_CLIPS",
                            "there is no clip of a part that all members of the ensemble can use");
  }
  return mean;
}

double ece_of(const PartAnswer& answer, const corpus::Manifest& manifest,
              const std::vector<std::string>& classes) {
  return counter_of(answer, manifest, classes).count().of_probabilities->ece;
}

Recipe effective(const Recipe& recipe) {
  core::check_config(recipe);
  Recipe result = recipe;
  result.members = effective_members(recipe);
  return result;
}

model::Recogniser recogniser_of(std::vector<model::ClassifierParts> classifiers, double temperature,
                                core::Json provenance) {
  std::vector<model::EmotionClassifier> members;
  members.reserve(classifiers.size());
  for (auto& parts : classifiers) members.emplace_back(std::move(parts));
  return {std::move(members), temperature, std::move(provenance)};
}

}  // namespace

void check_trainable(const Recipe& recipe, std::size_t classes) {
  const auto members = members_of(recipe);
  if (members.empty()) TrainingSetup(recipe, classes);
  for (const auto& member : members) TrainingSetup(member.recipe, classes);
}

CombinedParts combine(std::span<const Answers> answers, const corpus::Manifest& manifest,
                      const std::vector<std::string>& classes, const std::string& calibration) {
  const PartAnswer validation = mean_answer(answers, &Answers::validation);
  const PartAnswer test = mean_answer(answers, &Answers::test);
  CombinedParts combined;
  if (answers.size() > 1 && calibration != "none" && !validation.utterances.empty()) {
    const PartAnswer altered = mean_answer(answers, &Answers::altered);
    const PartAnswer& fitted_to = altered.utterances.empty() ? validation : altered;
    combined.calibration.clips = validation.utterances.size();
    combined.calibration.altered_copies = altered.utterances.size();
    const double worth = altered.utterances.empty()
                             ? std::numeric_limits<double>::infinity()
                             : worth_of_altered(manifest, altered.utterances);
    combined.calibration.temperature = eval::fit_temperature(
        model::logits_of(fitted_to.probabilities), labels_of(fitted_to, manifest, classes), worth);
    combined.calibration.validation_ece_before = ece_of(validation, manifest, classes);
    if (!test.utterances.empty()) {
      combined.calibration.test_ece_before = ece_of(test, manifest, classes);
    }
  }
  const double temperature = combined.calibration.temperature;
  if (!validation.utterances.empty()) {
    combined.validation = counter_of(validation, manifest, classes, temperature).count();
  }
  if (!test.utterances.empty()) {
    const auto counted = counter_of(test, manifest, classes, temperature);
    combined.test = counted.count();
    combined.predicted = counted.predicted();
  }
  combined.probabilities = model::tempered(test.probabilities, temperature);
  combined.tested = test.utterances;
  return combined;
}

TrainingResult train_ensemble(const std::filesystem::path& root, const corpus::Manifest& manifest,
                              const corpus::Split& split, const Recipe& recipe,
                              const std::vector<Member>& members, core::ThreadPool& pool,
                              TrainingObserver& observer) {
  const Recipe whole = effective(recipe);
  check_trainable(recipe, manifest.classes.size());
  MemberObserver member_observer(observer);
  TrainingReport report;
  std::vector<model::ClassifierParts> classifiers;
  std::vector<Answers> answers;
  for (const auto& member : members) {
    observer.on_member(member.name(), classifiers.size(), members.size());
    auto trained = train_member(root, manifest, split, member, pool, member_observer);
    MemberRecord record = record_of(member, trained.report);
    if (classifiers.empty()) {
      report = std::move(trained.report);
      begin_whole(report);
    } else {
      dataset::add_remarks(report.failures, std::move(trained.report.failures));
      dataset::add_remarks(report.warnings, std::move(trained.report.warnings));
      report.timing.features_s += trained.report.timing.features_s;
      report.timing.training_s += trained.report.timing.training_s;
    }
    add_record(report, std::move(record));
    classifiers.push_back(std::move(trained.classifier));
    answers.push_back(std::move(trained.answers));
  }
  report.recipe = whole;
  auto combined = combine(answers, report.manifest, trained_classes(report.manifest, split),
                          recipe.calibration);
  settle_whole(report, combined);
  report.tested = std::move(combined.tested);
  report.probabilities = std::move(combined.probabilities);
  auto recogniser =
      recogniser_of(std::move(classifiers), combined.calibration.temperature, provenance(report));
  return {std::move(recogniser), std::move(report)};
}

CrossValidationReport cross_validate_ensemble(const std::filesystem::path& root,
                                              const corpus::Manifest& manifest,
                                              const Recipe& recipe,
                                              const std::vector<Member>& members,
                                              const std::vector<std::uint64_t>& seeds, int jobs,
                                              CrossValidationObserver& observer) {
  Recipe whole = effective(recipe);
  whole.seed = seeds.front();
  check_trainable(recipe, manifest.classes.size());
  MemberFoldsObserver member_observer(observer);
  CrossValidationReport report;
  std::vector<std::vector<Answers>> answers;  // of each run those of the members
  for (std::size_t m = 0; m < members.size(); ++m) {
    observer.on_member(members[m].name(), m, members.size());
    std::vector<Answers> of_runs;
    auto trained =
        cross_validate_member(root, manifest, members[m], seeds, jobs, member_observer, &of_runs);
    if (m == 0) {
      report = trained;
      for (auto& run : report.runs) begin_whole(run);
      answers.resize(report.runs.size());
    } else {
      dataset::add_remarks(report.failures, std::move(trained.failures));
      dataset::add_remarks(report.warnings, std::move(trained.warnings));
      report.timing.features_s += trained.timing.features_s;
      report.timing.training_s += trained.timing.training_s;
      report.folds_at_once = std::min(report.folds_at_once, trained.folds_at_once);
    }
    for (std::size_t r = 0; r < report.runs.size(); ++r) {
      add_record(report.runs[r], record_of(members[m], trained.runs[r]));
      answers[r].push_back(std::move(of_runs[r]));
    }
  }
  report.recipe = whole;
  for (std::size_t r = 0; r < report.runs.size(); ++r) {
    FoldRun& run = report.runs[r];
    auto combined = combine(answers[r], report.manifest, run.classes, recipe.calibration);
    settle_whole(run, combined);
    run.tested = std::move(combined.tested);
    run.predicted = std::move(combined.predicted);
    run.probabilities = std::move(combined.probabilities);
  }
  return report;
}

TrainingResult train_final_ensemble(const CrossValidationReport& report, core::ThreadPool& pool,
                                    TrainingObserver& observer) {
  Recipe recipe = without_judging(report.recipe);
  auto members = members_of(recipe);
  std::vector<double> temperatures;
  for (const auto& run : report.runs) temperatures.push_back(run.calibration.temperature);
  for (std::size_t m = 0; m < members.size(); ++m) {
    std::vector<int> epochs;
    for (const auto& run : report.runs) epochs.push_back(run.members[m].fit.best_epoch);
    members[m].recipe.training.epochs = middle(std::move(epochs));
  }
  const corpus::Split everything = corpus::make_split(
      report.manifest, recipe.split, core::RandomStream(recipe.seed).fork("split"));
  auto result =
      train_ensemble(report.root, report.manifest, everything, recipe, members, pool, observer);
  std::vector<model::ClassifierParts> classifiers;
  for (std::size_t m = 0; m < members.size(); ++m) {
    std::vector<double> of_folds;
    for (const auto& run : report.runs) {
      of_folds.push_back(run.members[m].calibration.temperature);
    }
    auto parts = result.classifier.members()[m].parts();
    parts.temperature = middle(std::move(of_folds));
    result.report.members[m].calibration.temperature = parts.temperature;
    classifiers.push_back(std::move(parts));
  }
  result.report.calibration.temperature = middle(std::move(temperatures));
  auto told = provenance(result.report);
  told["cross_validation"] = summary_json(report);
  result.classifier =
      recogniser_of(std::move(classifiers), result.report.calibration.temperature, std::move(told));
  return result;
}

}  // namespace ser::train
