#include "ser/train/train_classifier.h"

#include <chrono>

#include "ser/augment/plan.h"
#include "ser/core/error.h"
#include "ser/eval/predictions.h"
#include "ser/train/report.h"

#include "train/normalization.h"

namespace ser::train {
namespace {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The three parts of a split as examples, and the remarks that reading them left.
struct Parts {
  dataset::ExampleSet train;
  dataset::ExampleSet validation;
  dataset::ExampleSet test;
};

Parts build_parts(const Recipe& recipe, const features::FeatureExtractor& extractor,
                  const augment::AugmentationPlan& plan, const core::RandomStream& random,
                  core::ThreadPool& pool, TrainingObserver& observer, TrainingReport& report) {
  const auto& split = report.split;
  const std::size_t total = split.train.size() + split.validation.size() + split.test.size();
  std::size_t before = 0;
  const auto build = [&](const std::vector<std::size_t>& part,
                         const augment::AugmentationPlan& copies) {
    auto built = dataset::build_examples(
        {report.manifest, part, recipe.clip, extractor, copies, random.fork("augment")}, pool,
        [&](std::size_t done) { observer.on_clips(before + done, total); },
        [&] { return observer.stop_requested(); });
    before += part.size();
    report.failures.insert(report.failures.end(), built.failures.begin(), built.failures.end());
    report.warnings.insert(report.warnings.end(), built.warnings.begin(), built.warnings.end());
    return std::move(built.examples);
  };
  const augment::AugmentationPlan as_is;
  Parts parts;
  // Only what is trained on is augmented.
  parts.train = build(split.train, plan);
  parts.validation = build(split.validation, as_is);
  parts.test = build(split.test, as_is);
  return parts;
}

void check_parts(const Parts& parts, const TrainingReport& report) {
  const auto explain = [&](const std::string& what) {
    std::string message = what;
    if (!report.failures.empty()) {
      const auto& first = report.failures.front();
      message += "; the first failure of " + std::to_string(report.failures.size()) + ": " +
                 first.code + " " + first.message;
    }
    throw core::CorpusError("E_TRAIN_NO_CLIPS", message);
  };
  std::vector<std::size_t> counts(report.manifest.classes.size());
  for (const int label : parts.train.labels) ++counts[static_cast<std::size_t>(label)];
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) {
      explain("no clip of the class \"" + report.manifest.classes[c] +
              "\" in the training part could be used");
    }
  }
  if (!report.split.validation.empty() && parts.validation.size() == 0) {
    explain("no clip of the validation part could be used");
  }
  if (!report.split.test.empty() && parts.test.size() == 0) {
    explain("no clip of the test part could be used");
  }
}

std::vector<std::size_t> members_of(const corpus::Split& split) {
  std::vector<std::size_t> members;
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    members.insert(members.end(), part->begin(), part->end());
  }
  return members;
}

core::Json with_output_layer(core::Json layers, std::size_t classes) {
  if (!layers.is_array()) {
    throw core::ConfigError("E_CONFIG_VALUE", "network: expected a list of layers");
  }
  layers.push_back({{"layer", "dense"}, {"units", classes}});
  return layers;
}

// `examples` are normalised.
std::optional<eval::Metrics> score(const model::EmotionClassifier& classifier,
                                   const dataset::ExampleSet& examples, core::ThreadPool& pool) {
  if (examples.size() == 0) return std::nullopt;
  const auto predicted =
      eval::most_probable(classifier.probabilities_of_normalized(examples.values, pool));
  return eval::compute_metrics(
      eval::confusion_matrix(examples.labels, predicted,
                             static_cast<int>(classifier.classes().size())),
      classifier.classes());
}

}  // namespace

TrainingResult train_classifier(const std::filesystem::path& root, corpus::Manifest manifest,
                                const Recipe& recipe, core::ThreadPool& pool,
                                TrainingObserver& observer) {
  // Whatever can be wrong with the recipe is found before any sound is read.
  core::check_config(recipe);
  const features::FeatureExtractor extractor(recipe.features);
  const augment::AugmentationPlan plan(recipe.augment);
  const core::RandomStream random(recipe.seed);
  const core::Json layers = with_output_layer(recipe.network, manifest.classes.size());
  const nn::Network network(layers, model::network_input(extractor));

  TrainingReport report;
  report.recipe = recipe;
  report.recipe.augment = plan.to_json();
  report.root = root;
  report.manifest = std::move(manifest);
  report.parameter_count = network.num_parameters();
  report.split = corpus::make_split(report.manifest, recipe.split, random.fork("split"));
  report.sounds = listen_to_clips(report.manifest, members_of(report.split), pool,
                                  [&] { return observer.stop_requested(); });
  report.leaks = settle_leaks(report.manifest, report.split, report.sounds, recipe.leaks);
  observer.on_split(report.manifest, report.split);

  const Stopwatch features_time;
  Parts parts = build_parts(recipe, extractor, plan, random, pool, observer, report);
  check_parts(parts, report);
  report.timing.features_s = features_time.seconds();
  report.training_examples = parts.train.size();

  const TrainingNormalization normalization(recipe.normalization, report.manifest, parts.train,
                                            plan);
  const std::size_t by_training = normalization.apply_to_training(parts.train) +
                                  normalization.apply_to_validation(parts.validation) +
                                  normalization.apply_to_judged(parts.test);
  if (dataset::is_transductive(recipe.normalization)) {
    report.without_own_statistics = by_training;
  }
  const Stopwatch training_time;
  report.fit = fit(
      network, parts.train, parts.validation, recipe.training, random.fork("training"), pool,
      [&](const EpochRecord& record) { observer.on_epoch(record, recipe.training.epochs); },
      [&] { return observer.stop_requested(); });
  report.timing.training_s = training_time.seconds();

  model::ClassifierParts classifier_parts;
  classifier_parts.classes = report.manifest.classes;
  classifier_parts.clip = recipe.clip;
  classifier_parts.features = recipe.features;
  classifier_parts.normalizer = normalization.of_training();
  classifier_parts.normalization = recipe.normalization;
  classifier_parts.network = layers;
  classifier_parts.parameters = std::move(report.fit.parameters);
  // Scored through the same object that users get, and the test part only now, once.
  const model::EmotionClassifier classifier(classifier_parts);
  report.validation = score(classifier, parts.validation, pool);
  report.test = score(classifier, parts.test, pool);
  classifier_parts.provenance = provenance(report);
  return {model::EmotionClassifier(std::move(classifier_parts)), std::move(report)};
}

}  // namespace ser::train
