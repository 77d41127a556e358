#include "ser/train/train_classifier.h"

#include <numeric>

#include "ser/train/report.h"

#include "train/fold_training.h"
#include "train/stopwatch.h"

namespace ser::train {
namespace {

Parts build_parts(const TrainingSetup& setup, const core::RandomStream& random,
                  core::ThreadPool& pool, TrainingObserver& observer, TrainingReport& report) {
  const auto& split = report.split;
  const std::size_t total = split.train.size() + split.validation.size() + split.test.size();
  std::size_t before = 0;
  const auto build = [&](const std::vector<std::size_t>& part,
                         const augment::AugmentationPlan& copies) {
    auto built = dataset::build_examples(
        {report.manifest, part, setup.recipe.clip, setup.extractor, copies, random.fork("augment")},
        pool, [&](std::size_t done) { observer.on_clips(before + done, total); },
        [&] { return observer.stop_requested(); });
    before += part.size();
    report.failures.insert(report.failures.end(), built.failures.begin(), built.failures.end());
    report.warnings.insert(report.warnings.end(), built.warnings.begin(), built.warnings.end());
    return std::move(built.examples);
  };
  const augment::AugmentationPlan as_is;
  Parts parts;
  // Only what is trained on is augmented.
  parts.train = build(split.train, setup.plan);
  parts.validation = build(split.validation, as_is);
  parts.test = build(split.test, as_is);
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
  const TrainingSetup setup(recipe, manifest.classes.size());
  const core::RandomStream random(recipe.seed);

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
  Parts parts = build_parts(setup, random, pool, observer, report);
  require_usable(parts, report.manifest, report.split, classes, report.failures);
  report.timing.features_s = features_time.seconds();

  const Stopwatch training_time;
  auto fitted = fit_and_score(
      setup, std::move(parts), report.manifest, classes, random, pool,
      [&](const EpochRecord& record) { observer.on_epoch(record, recipe.training.epochs); },
      [&] { return observer.stop_requested(); });
  report.timing.training_s = training_time.seconds();
  report.parameter_count = fitted.classifier.parameters.size();
  report.without_own_statistics = fitted.without_own_statistics;
  report.training_examples = fitted.training_examples;
  report.fit = std::move(fitted.fit);
  report.validation = std::move(fitted.validation);
  report.test = std::move(fitted.test);
  report.calibration = fitted.calibration;
  fitted.classifier.provenance = provenance(report);
  return {model::EmotionClassifier(std::move(fitted.classifier)), std::move(report)};
}

}  // namespace ser::train
