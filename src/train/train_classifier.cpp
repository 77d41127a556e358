#include "ser/train/train_classifier.h"

#include <numeric>

#include "ser/train/report.h"

#include "train/altered_voices.h"
#include "train/ensemble.h"
#include "train/fold_training.h"
#include "train/stopwatch.h"

namespace ser::train {
namespace {

// `random` is the training's stream, `seed` that of all trainings of an ensemble, which are to hear
// the same altered voices.
Parts build_parts(const TrainingSetup& setup, const core::RandomStream& random,
                  const core::RandomStream& seed, core::ThreadPool& pool,
                  TrainingObserver& observer, TrainingReport& report) {
  const auto& split = report.split;
  const bool alters_voices = needs_altered_voices(setup.recipe, report.manifest, split);
  const std::size_t total =
      split.train.size() + (alters_voices ? 2 : 1) * split.validation.size() + split.test.size();
  std::size_t before = 0;
  const auto build = [&](const std::vector<std::size_t>& part,
                         const augment::AugmentationPlan& copies,
                         const core::RandomStream& stream) {
    auto built = dataset::build_examples(
        {report.manifest, part, setup.recipe.clip, setup.extractor, copies, stream}, pool,
        [&](std::size_t done) { observer.on_clips(before + done, total); },
        [&] { return observer.stop_requested(); });
    before += part.size();
    dataset::add_remarks(report.failures, std::move(built.failures));
    dataset::add_remarks(report.warnings, std::move(built.warnings));
    return std::move(built.examples);
  };
  const augment::AugmentationPlan as_is;
  Parts parts;
  // Only what is trained on is augmented.
  parts.train = build(split.train, setup.plan, random.fork("augment"));
  parts.validation = build(split.validation, as_is, random);
  parts.test = build(split.test, as_is, random);
  if (alters_voices) {
    parts.altered = build(split.validation, altered_voices(), seed.fork("voices"));
  }
  return parts;
}

std::vector<std::size_t> all_clips(const corpus::Manifest& manifest) {
  std::vector<std::size_t> clips(manifest.utterances.size());
  std::iota(clips.begin(), clips.end(), std::size_t{0});
  return clips;
}

}  // namespace

TrainingResult train_classifier(const std::filesystem::path& root, corpus::Manifest manifest,
                                const Recipe& recipe, core::ThreadPool& pool,
                                TrainingObserver& observer) {
  core::check_config(recipe);
  auto split =
      corpus::make_split(manifest, recipe.split, core::RandomStream(recipe.seed).fork("split"));
  return train_on_split(root, std::move(manifest), std::move(split), recipe, pool, observer);
}

TrainingResult train_on_split(const std::filesystem::path& root, corpus::Manifest manifest,
                              corpus::Split split, const Recipe& recipe, core::ThreadPool& pool,
                              TrainingObserver& observer) {
  const auto members = members_of(recipe);
  if (!members.empty()) {
    return train_ensemble(root, manifest, split, recipe, members, pool, observer);
  }
  auto trained =
      train_member(root, std::move(manifest), std::move(split), {recipe}, pool, observer);
  trained.classifier.provenance = provenance(trained.report);
  return {model::EmotionClassifier(std::move(trained.classifier)), std::move(trained.report)};
}

TrainedMember train_member(const std::filesystem::path& root, corpus::Manifest manifest,
                           corpus::Split split, const Member& member, core::ThreadPool& pool,
                           TrainingObserver& observer) {
  const Recipe& recipe = member.recipe;
  const TrainingSetup setup(recipe, manifest.classes.size());
  const core::RandomStream random = training_stream(recipe.seed, member.training);

  TrainingReport report;
  report.recipe = setup.recipe;
  report.root = root;
  report.manifest = std::move(manifest);
  report.split = std::move(split);
  const auto classes = trained_classes(report.manifest, report.split);
  report.parameter_count = setup.parameter_count;
  // Those that the split leaves out too, so that the model knows them from what it has never met.
  report.sounds = listen_to_clips(report.manifest, all_clips(report.manifest), pool,
                                  [&] { return observer.stop_requested(); });
  report.leaks = settle_leaks(report.manifest, report.split, report.sounds, recipe.leaks);
  tell_removed(report.split, report.leaks);
  observer.on_split(report.manifest, report.split);

  const Stopwatch features_time;
  Parts parts = build_parts(setup, random, core::RandomStream(recipe.seed), pool, observer, report);
  warn_of_unheard(report.sounds, report.failures, report.warnings);
  require_usable(parts, report.manifest, report.split, classes, report.failures);
  report.timing.features_s = features_time.seconds();

  const Stopwatch training_time;
  auto fitted = fit_and_score(
      setup, std::move(parts), report.manifest, classes, random, pool,
      [&](const EpochRecord& record) { observer.on_epoch(record, recipe.training.epochs); },
      [&] { return observer.stop_requested(); }, observer.checkpoints(),
      fit_name(setup.recipe, member.training, recipe.seed));
  report.timing.training_s = training_time.seconds();
  report.parameter_count = fitted.classifier.parameters.size();
  report.without_own_statistics = fitted.without_own_statistics;
  report.training_examples = fitted.training_examples;
  report.fit = std::move(fitted.fit);
  report.validation = std::move(fitted.validation);
  report.test = std::move(fitted.test);
  report.calibration = fitted.calibration;
  report.classes = fitted.classifier.classes;
  report.tested = fitted.answers.test.utterances;
  report.probabilities = fitted.answers.test.probabilities;
  return {std::move(fitted.classifier), std::move(report), std::move(fitted.answers)};
}

}  // namespace ser::train
