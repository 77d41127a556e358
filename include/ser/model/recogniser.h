#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/core/json.h"
#include "ser/model/emotion_classifier.h"

namespace ser::model {

inline constexpr std::size_t kMostMembers = 64;

// What a model file holds and programs ask: a classifier, or several (an ensemble) of which the
// mean of the probabilities is taken. Immutable, so that any number of threads may share one.
class Recogniser {
 public:
  // One that answers as the classifier does, to the bit. Every classifier is a recogniser.
  Recogniser(EmotionClassifier classifier);  // NOLINT(google-explicit-constructor)

  // The provenance is that of the whole; those of the members are not asked. Throws ModelError
  // (E_MODEL_CONTENT) for no member or more than kMostMembers, members whose classes or
  // normalisation differ, and a temperature that no classifier may have, or of one member not 1.
  Recogniser(std::vector<EmotionClassifier> members, double temperature, core::Json provenance);

  std::span<const EmotionClassifier> members() const { return ensemble_->members; }
  bool is_ensemble() const { return members().size() > 1; }
  // The only member. Throws ModelError (E_MODEL_ENSEMBLE) where there are several.
  const EmotionClassifier& only() const;

  const std::vector<std::string>& classes() const { return members().front().classes(); }
  const std::string& normalization() const { return members().front().parts().normalization; }
  const core::Json& provenance() const { return ensemble_->provenance; }
  // Of the mean; each member has its own beside it.
  double temperature() const { return ensemble_->temperature; }

  // What members look at. Those that take the same features of the same part of a recording share a
  // view of it; views of one sound (the same part at the same rate) stand together.
  struct View {
    std::vector<std::size_t> members;
    std::size_t sound = 0;  // number of the sound, from 0
  };
  const std::vector<View>& views() const { return ensemble_->views; }
  // Any of those that share the view.
  const EmotionClassifier& classifier_of(const View& view) const {
    return members()[view.members.front()];
  }

  // The answer of all to clips of which each member has said its own: [classes x clips] each, in
  // their order.
  Eigen::MatrixXf combine(std::span<const Eigen::MatrixXf> of_members) const;

  // Probabilities [classes] for a recording, of which each member takes its configured clip. Throws
  // AudioError.
  Eigen::VectorXf probabilities(const std::filesystem::path& recording) const;
  // The same for one that is in memory, at whatever rate it has. Throws as audio::stretch_of().
  Eigen::VectorXf probabilities(const audio::Waveform& recording) const;

 private:
  struct Ensemble {
    std::vector<EmotionClassifier> members;
    double temperature = 1.0;
    core::Json provenance;
    std::vector<View> views;
  };
  std::shared_ptr<const Ensemble> ensemble_;
};

// The mean of one matrix or more of the same size; of one its own numbers.
Eigen::MatrixXf mean_of(std::span<const Eigen::MatrixXf> matrices);

// What the temperature of a mean of probabilities divides: their logarithms, of 0 that of the least
// number that is not denormal.
Eigen::MatrixXf logits_of(const Eigen::MatrixXf& probabilities);

// Probabilities made less sure by a temperature above 1, surer by one below; by 1 they stay what
// they are, to the bit.
Eigen::MatrixXf tempered(Eigen::MatrixXf probabilities, double temperature);

}  // namespace ser::model
