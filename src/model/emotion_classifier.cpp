#include "ser/model/emotion_classifier.h"

#include <set>

#include "ser/core/error.h"
#include "ser/dataset/clip_features.h"
#include "ser/dataset/clip_loader.h"
#include "ser/dataset/group_statistics.h"
#include "ser/nn/batch.h"
#include "ser/nn/loss.h"

#include "model/folded_recogniser.h"
#include "model/temperature.h"

namespace ser::model {
namespace {

using core::ModelError;

void check_classes(const std::vector<std::string>& classes) {
  if (classes.size() < 2) {
    throw ModelError("E_MODEL_CONTENT", "a recogniser needs at least two classes");
  }
  std::set<std::string> seen;
  for (const auto& name : classes) {
    if (name.empty() || !seen.insert(name).second) {
      throw ModelError("E_MODEL_CONTENT", "class names must be distinct and not empty");
    }
  }
}

void check_sizes(const ClassifierParts& parts, const features::FeatureExtractor& extractor,
                 const nn::Network& network) {
  const auto fail = [](const std::string& what, auto expected, auto found) {
    throw ModelError("E_MODEL_SIZE", what + ": expected " + std::to_string(expected) + ", found " +
                                         std::to_string(found));
  };
  const auto features = static_cast<Eigen::Index>(extractor.clip_names().size());
  if (parts.normalizer.mean().size() != features) {
    fail("size of the normaliser", features, parts.normalizer.mean().size());
  }
  if (network.output_shape().size() != static_cast<Eigen::Index>(parts.classes.size())) {
    fail("outputs of the network", parts.classes.size(), network.output_shape().size());
  }
  if (parts.parameters.size() != network.num_parameters()) {
    fail("parameters of the network", network.num_parameters(), parts.parameters.size());
  }
  if (!parts.parameters.allFinite()) {
    throw ModelError("E_MODEL_CONTENT", "the network has parameters that are not finite");
  }
  for (const nn::ParameterRange& range : network.variances()) {
    if (parts.parameters.segment(range.begin, range.size).minCoeff() >= 0.0F) continue;
    throw ModelError("E_MODEL_CONTENT", "the network has a running variance below zero");
  }
}

// The largest and, inverted, the least: beyond it nothing but certainty or chance is left.
constexpr double kMostTemperature = 1e3;

}  // namespace

void check_temperature(double temperature) {
  // written so that NaN fails
  if (!(temperature >= 1.0 / kMostTemperature && temperature <= kMostTemperature)) {
    throw ModelError("E_MODEL_CONTENT", "the temperature must lie between " +
                                            core::json_text(1.0 / kMostTemperature) + " and " +
                                            core::json_text(kMostTemperature) + ", found " +
                                            core::json_text(temperature));
  }
}

Eigen::MatrixXf probabilities_of(Eigen::MatrixXf logits, double temperature) {
  // x / 1 is x, to the bit
  logits /= static_cast<nn::Scalar>(temperature);
  // Weights that are finite, as those of a file are, may be so large that what they add up to is
  // not.
  if (!logits.allFinite()) {
    throw ModelError(
        "E_MODEL_CONTENT",
        "the network answers with numbers that are not finite; its weights are damaged");
  }
  nn::softmax(nn::ConstBlock(logits.data(), logits.rows(), logits.cols()),
              nn::Block(logits.data(), logits.rows(), logits.cols()));
  return logits;
}

nn::Shape network_input(const features::FeatureExtractor& extractor,
                        const dataset::ClipConfig& clip) {
  const auto features = static_cast<nn::Index>(extractor.clip_names().size());
  if (extractor.gives_frames()) return {features, dataset::most_steps(extractor, clip)};
  return {1, features};
}

// A clip of one frame goes through whatever a longer one does, if it goes through at all.
void require_any_length(const nn::Network& network) {
  nn::Shape shape = {network.input_shape().channels, 1};
  for (std::size_t index = 0; index < network.size(); ++index) {
    const std::string where = "network[" + std::to_string(index) + "]: ";
    try {
      shape = network.layer(index).output_shape(shape);
    } catch (const core::ConfigError& error) {
      throw core::ConfigError(error.code(),
                              where + "a clip may have one frame only: " + error.what());
    }
    if (shape.channels == network.shape_before(index + 1).channels) continue;
    throw core::ConfigError("E_NETWORK_SHAPE",
                            where + std::string(network.layer(index).kind()) +
                                " takes clips of one length only; put a pooling over all frames, "
                                "such as {\"layer\": \"statistics_pool\"}, before it");
  }
  if (shape.time == network.output_shape().time) return;
  throw core::ConfigError("E_NETWORK_SHAPE",
                          "network: nothing in it pools over all frames; put a layer such as "
                          "{\"layer\": \"statistics_pool\"} into it");
}

EmotionClassifier::EmotionClassifier(ClassifierParts parts)
    : parts_(std::make_shared<const ClassifierParts>(std::move(parts))),
      extractor_(parts_->features),
      network_(
          std::make_shared<nn::Network>(parts_->network, network_input(extractor_, parts_->clip))) {
  check_classes(parts_->classes);
  check_sizes(*parts_, extractor_, *network_);
  if (extractor_.gives_frames()) require_any_length(*network_);
  if (!dataset::is_normalization(parts_->normalization)) {
    throw ModelError("E_MODEL_CONTENT",
                     "there is no normalisation \"" + parts_->normalization + "\"");
  }
  check_temperature(parts_->temperature);
  folded_ = std::make_shared<FoldedRecogniser>(network_, parts_);
}

Eigen::MatrixXf EmotionClassifier::probabilities(const Eigen::MatrixXf& clip_vectors,
                                                 core::ThreadPool& pool,
                                                 std::span<const Eigen::Index> lengths) const {
  return probabilities_of(folded_->logits(clip_vectors, pool, lengths), parts_->temperature);
}

Eigen::MatrixXf EmotionClassifier::probabilities_of_normalized(
    const Eigen::MatrixXf& values, core::ThreadPool& pool,
    std::span<const Eigen::Index> lengths) const {
  return probabilities_of(logits_of_normalized(values, pool, lengths), parts_->temperature);
}

Eigen::MatrixXf EmotionClassifier::logits_of_normalized(
    const Eigen::MatrixXf& values, core::ThreadPool& pool,
    std::span<const Eigen::Index> lengths) const {
  return nn::predict_logits(*network_, parts_->parameters, values, pool, lengths);
}

Eigen::VectorXf EmotionClassifier::probabilities(const audio::Waveform& clip) const {
  core::ThreadPool alone(1);
  dataset::ClipFeaturesBuilder builder(extractor_, parts_->clip, 1);
  builder.set(0, extractor_.clip_vector(clip));
  const auto features = builder.finish(1);
  return probabilities(features.values, alone, features.lengths);
}

Eigen::VectorXf EmotionClassifier::probabilities(const std::filesystem::path& recording) const {
  return probabilities(
      dataset::load_clip(recording, parts_->clip, parts_->features.sample_rate_hz).waveform);
}

}  // namespace ser::model
