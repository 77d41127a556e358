#include "train/fold_training.h"

#include <algorithm>
#include <limits>
#include <set>

#include "ser/core/checksum.h"
#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/model/recogniser.h"
#include "ser/nn/network.h"

#include "train/altered_voices.h"
#include "train/normalization.h"

namespace ser::train {
namespace {

// Counts labels by the classes of a fold instead of those of the manifest.
void relabel(dataset::ExampleSet& examples, const std::vector<std::string>& all,
             const std::vector<std::string>& classes) {
  if (all == classes) return;
  for (int& label : examples.labels) {
    const auto found = std::ranges::lower_bound(classes, all[static_cast<std::size_t>(label)]);
    label = static_cast<int>(found - classes.begin());
  }
}

// What a network says of a part, which it is asked once, however often that is scored.
class Outputs {
 public:
  // `examples` are normalised.
  Outputs(const model::EmotionClassifier& classifier, const dataset::ExampleSet& examples,
          core::ThreadPool& pool)
      : classes_(classifier.classes()), labels_(examples.labels) {
    if (empty()) return;
    logits_ = classifier.logits_of_normalized(examples.values, pool, examples.lengths);
  }

  bool empty() const { return labels_.empty(); }
  std::size_t size() const { return labels_.size(); }

  double fitted_temperature(double worth = std::numeric_limits<double>::infinity()) const {
    return eval::fit_temperature(logits_, labels_, worth);
  }

  // As the classifier of that temperature answers; [classes x 0] of an empty part.
  Eigen::MatrixXf probabilities(double temperature) const {
    if (empty()) return Eigen::MatrixXf(static_cast<Eigen::Index>(classes_.size()), 0);
    return model::probabilities_of(logits_, temperature);
  }

  // Nothing of an empty part.
  std::optional<eval::ClipCounter> scored(double temperature) const {
    if (empty()) return std::nullopt;
    return eval::ClipCounter({classes_, labels_, probabilities(temperature)});
  }

  std::optional<double> calibration_error(double temperature) const {
    const auto counter = scored(temperature);
    if (!counter) return std::nullopt;
    return counter->count().of_probabilities->ece;
  }

 private:
  const std::vector<std::string>& classes_;
  const std::vector<int>& labels_;
  Eigen::MatrixXf logits_;  // [classes x clips]
};

// The temperature sees the validation part only; the test part tells what it would be without.
// Copies by altered voices are worth `worth` clips.
eval::Calibration calibrate(const Outputs& validation, const Outputs& altered, double worth,
                            const Outputs& test) {
  eval::Calibration calibration;
  calibration.clips = validation.size();
  calibration.altered_copies = altered.size();
  calibration.temperature =
      altered.empty() ? validation.fitted_temperature() : altered.fitted_temperature(worth);
  calibration.validation_ece_before = validation.calibration_error(1.0);
  calibration.test_ece_before = test.calibration_error(1.0);
  return calibration;
}

}  // namespace

TrainingSetup::TrainingSetup(const Recipe& asked, std::size_t classes)
    : recipe(asked),
      extractor((core::check_config(asked), asked.features)),
      plan(asked.augment),
      renewal(asked.renew, extractor) {
  recipe.augment = plan.to_json();
  recipe.renew = renewal.to_json();
  const nn::Network network(layers(classes, 1), model::network_input(extractor, recipe.clip));
  require_trainable(network, recipe.training);
  if (extractor.gives_frames()) {
    if (recipe.training.method != "gradient") {
      throw core::ConfigError("E_CONFIG_VALUE", "training.method " + recipe.training.method +
                                                    " takes one vector a clip; features.form has "
                                                    "to be clip, found frames");
    }
    model::require_any_length(network);
  }
  parameter_count = network.num_parameters();
}

core::Json TrainingSetup::layers(std::size_t classes, std::size_t training_examples) const {
  return with_output_layer(recipe.network, recipe.training, classes, training_examples);
}

std::vector<std::string> trained_classes(const corpus::Manifest& manifest,
                                         const corpus::Split& split) {
  std::set<std::string> classes;
  for (const std::size_t i : split.train) classes.insert(manifest.utterances[i].label);
  return {classes.begin(), classes.end()};
}

void require_usable(const Parts& parts, const corpus::Manifest& manifest,
                    const corpus::Split& split, const std::vector<std::string>& classes,
                    const std::vector<dataset::Remark>& failures) {
  const auto explain = [&](const std::string& what) {
    std::string message = what;
    if (!failures.empty()) {
      const auto& first = failures.front();
      message += "; the first failure of " + std::to_string(failures.size()) + ": " + first.code +
                 " " + first.message;
    }
    throw core::CorpusError("E_TRAIN_NO_CLIPS", message);
  };
  std::vector<std::size_t> counts(manifest.classes.size());
  for (const int label : parts.train.labels) ++counts[static_cast<std::size_t>(label)];
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0 && std::ranges::binary_search(classes, manifest.classes[c])) {
      explain("no clip of the class \"" + manifest.classes[c] +
              "\" in the training part could be used");
    }
  }
  if (!split.validation.empty() && parts.validation.size() == 0) {
    explain("no clip of the validation part could be used");
  }
  if (!split.test.empty() && parts.test.size() == 0) {
    explain("no clip of the test part could be used");
  }
}

std::vector<int> labels_of(const PartAnswer& answer, const corpus::Manifest& manifest,
                           const std::vector<std::string>& classes) {
  std::vector<int> labels;
  for (const std::size_t i : answer.utterances) {
    const auto found = std::ranges::lower_bound(classes, manifest.utterances[i].label);
    labels.push_back(static_cast<int>(found - classes.begin()));
  }
  return labels;
}

eval::ClipCounter counter_of(const PartAnswer& answer, const corpus::Manifest& manifest,
                             const std::vector<std::string>& classes, double temperature) {
  return eval::ClipCounter({classes, labels_of(answer, manifest, classes),
                            model::tempered(answer.probabilities, temperature)});
}

void tell_removed(corpus::Split& split, const LeakFindings& findings) {
  const std::size_t copies = findings.removed.size();
  if (copies == 0) return;
  split.statement += "; " + std::to_string(copies) + (copies == 1 ? " copy was" : " copies were") +
                     " taken out of what they are judged by, which leaves " +
                     std::to_string(split.train.size()) + " training, " +
                     std::to_string(split.validation.size()) + " validation and " +
                     std::to_string(split.test.size()) + " test clips";
}

std::string fit_name(const Recipe& recipe, std::size_t training, std::uint64_t seed,
                     const std::string& fold) {
  const auto checksum = core::checksum64_hex(core::json_text(core::config_to_json(recipe)));
  return core::json_text(
      {{"recipe", checksum}, {"training", training}, {"seed", seed}, {"fold", fold}});
}

FittedParts fit_and_score(const TrainingSetup& setup, Parts parts, const corpus::Manifest& manifest,
                          const std::vector<std::string>& classes, const core::RandomStream& random,
                          core::ThreadPool& pool,
                          const std::function<void(const EpochRecord&)>& on_epoch,
                          const core::StopRequested& stop_requested, CheckpointFolder* checkpoints,
                          const std::string& fit_named) {
  for (auto* part : {&parts.train, &parts.validation, &parts.test, &parts.altered}) {
    relabel(*part, manifest.classes, classes);
  }
  FittedParts fitted;
  fitted.training_examples = parts.train.size();
  const core::Json layers = setup.layers(classes.size(), parts.train.size());
  const nn::Network network(layers, model::network_input(setup.extractor, setup.recipe.clip));
  const auto features = static_cast<Eigen::Index>(setup.extractor.clip_names().size());
  const TrainingNormalization normalization(setup.recipe.normalization, manifest, parts.train,
                                            features, setup.plan);
  const std::size_t by_training = normalization.apply_to_training(parts.train) +
                                  normalization.apply_to_validation(parts.validation) +
                                  normalization.apply_to_judged(parts.test);
  if (parts.altered.size() > 0) normalization.apply_to_validation(parts.altered);
  if (dataset::is_transductive(setup.recipe.normalization)) {
    fitted.without_own_statistics = by_training;
  }
  Renew renew;
  if (setup.renewal.changes()) {
    renew = [&](const auto& training, const auto& stream, auto& renewed) {
      setup.renewal.renew(training, stream, pool, renewed);
    };
  }
  std::optional<FitCheckpoint> checkpoint;
  if (checkpoints != nullptr) checkpoint.emplace(FitCheckpoint{*checkpoints, fit_named});
  fitted.fit =
      fit(network, parts.train, parts.validation, setup.recipe.training, random.fork("training"),
          pool, on_epoch, stop_requested, renew, checkpoint ? &*checkpoint : nullptr);

  fitted.classifier.classes = classes;
  fitted.classifier.clip = setup.recipe.clip;
  fitted.classifier.features = setup.recipe.features;
  fitted.classifier.normalizer = normalization.of_training();
  fitted.classifier.normalization = setup.recipe.normalization;
  fitted.classifier.network = layers;
  fitted.classifier.parameters = std::move(fitted.fit.parameters);
  // The object that users get answers, and of the test part only now, once. The temperature, which
  // it does not have yet, divides what it answered.
  const model::EmotionClassifier uncalibrated(fitted.classifier);
  const Outputs validation(uncalibrated, parts.validation, pool);
  const Outputs test(uncalibrated, parts.test, pool);
  const Outputs altered(uncalibrated, parts.altered, pool);
  if (setup.recipe.calibration != "none" && !validation.empty()) {
    fitted.calibration =
        calibrate(validation, altered, worth_of_altered(manifest, parts.altered.utterances), test);
    fitted.classifier.temperature = fitted.calibration.temperature;
  }
  if (const auto validated = validation.scored(fitted.classifier.temperature)) {
    fitted.validation = validated->count();
  }
  if (const auto tested = test.scored(fitted.classifier.temperature)) {
    fitted.test = tested->count();
    fitted.predicted = tested->predicted();
  }
  const double temperature = fitted.classifier.temperature;
  fitted.answers = {{std::move(parts.validation.utterances), validation.probabilities(temperature)},
                    {std::move(parts.test.utterances), test.probabilities(temperature)},
                    {std::move(parts.altered.utterances), altered.probabilities(temperature)}};
  return fitted;
}

}  // namespace ser::train
