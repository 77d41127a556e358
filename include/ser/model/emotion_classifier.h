#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/clip_config.h"
#include "ser/dataset/normalizer.h"
#include "ser/features/extractor.h"
#include "ser/nn/network.h"

namespace ser::model {

// What a recogniser is made of. `network` is a list of layer objects whose last layer has one
// output a class.
struct ClassifierParts {
  std::vector<std::string> classes;
  dataset::ClipConfig clip;
  features::FeatureConfig features;
  dataset::Normalizer normalizer;  // statistics of the training part
  // By whose statistics clips are normalised (dataset/group_statistics.h). Whoever has several
  // clips of a speaker or corpus does it for them; a clip alone is normalised by the training
  // part's.
  std::string normalization = "training";
  core::Json network;
  nn::Vector parameters;
  // What logits are divided by before they become probabilities: 1, or fitted so that these are as
  // often right as they say (eval/calibration.h).
  double temperature = 1.0;
  // How it was trained: configuration, corpus, split, scores. Carried along, not interpreted.
  core::Json provenance = core::Json::object();
};

class FoldedRecogniser;

// From a recording to a probability for each class. What is trained, saved, evaluated and used is a
// Recogniser (ser/model/recogniser.h), which holds one of these or several. Immutable, so that any
// number of threads may share one.
class EmotionClassifier {
 public:
  // Throws ModelError (E_MODEL_CONTENT, E_MODEL_SIZE) if the parts do not fit each other.
  explicit EmotionClassifier(ClassifierParts parts);

  const std::vector<std::string>& classes() const { return parts_->classes; }
  const ClassifierParts& parts() const { return *parts_; }
  const features::FeatureExtractor& extractor() const { return extractor_; }
  // As it was trained; what is executed does the same with fewer layers.
  const nn::Network& network() const { return *network_; }

  // Probabilities [classes x clips] for feature vectors [features x clips] as the extractor gives
  // them. lengths: as dataset::ClipFeatures has them.
  Eigen::MatrixXf probabilities(const Eigen::MatrixXf& clip_vectors, core::ThreadPool& pool,
                                std::span<const Eigen::Index> lengths = {}) const;

  // The same for feature vectors that are normalised already (Normalizer::apply()); equal up to
  // rounding, since nothing is folded here.
  Eigen::MatrixXf probabilities_of_normalized(const Eigen::MatrixXf& values, core::ThreadPool& pool,
                                              std::span<const Eigen::Index> lengths = {}) const;

  // What those are the softmax of, once divided by the temperature.
  Eigen::MatrixXf logits_of_normalized(const Eigen::MatrixXf& values, core::ThreadPool& pool,
                                       std::span<const Eigen::Index> lengths = {}) const;

  // Probabilities [classes] for a clip at the extractor's rate; of form frames, for as much of it
  // as the configured duration. Throws as FeatureExtractor::clip_vector().
  Eigen::VectorXf probabilities(const audio::Waveform& clip) const;

  // Probabilities [classes] for the configured clip of a recording. Throws AudioError.
  Eigen::VectorXf probabilities(const std::filesystem::path& recording) const;

 private:
  std::shared_ptr<const ClassifierParts> parts_;
  features::FeatureExtractor extractor_;
  std::shared_ptr<const nn::Network> network_;
  std::shared_ptr<const FoldedRecogniser> folded_;
};

// The softmax of logits [classes x clips] once divided by the temperature: what
// EmotionClassifier::probabilities_of_normalized() makes of logits_of_normalized(). Throws
// ModelError (E_MODEL_CONTENT) where the quotients are not finite, as all that answers does.
Eigen::MatrixXf probabilities_of(Eigen::MatrixXf logits, double temperature);

// The shape in which a network meets a feature vector: one channel, the features in its place of
// time; of form frames, a channel a feature and as many steps as the longest clip has. Throws as
// dataset::most_steps().
nn::Shape network_input(const features::FeatureExtractor& extractor,
                        const dataset::ClipConfig& clip);

// Throws ConfigError (E_NETWORK_SHAPE) unless the network scores clips of any number of frames.
void require_any_length(const nn::Network& network);

}  // namespace ser::model
