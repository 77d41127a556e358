#include "ser/model/recogniser.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>

#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"
#include "ser/model/clip_batch.h"

#include "model/temperature.h"

namespace ser::model {
namespace {

using core::ModelError;

void check_members(const std::vector<EmotionClassifier>& members) {
  if (members.empty() || members.size() > kMostMembers) {
    throw ModelError("E_MODEL_CONTENT", "an ensemble has 1 to " + std::to_string(kMostMembers) +
                                            " members, found " + std::to_string(members.size()));
  }
  const auto& first = members.front().parts();
  for (const auto& member : members) {
    if (member.classes() != first.classes) {
      throw ModelError("E_MODEL_CONTENT", "the members of an ensemble have different classes");
    }
    if (member.parts().normalization != first.normalization) {
      throw ModelError("E_MODEL_CONTENT", "the members of an ensemble are normalised differently");
    }
  }
}

bool same_sound(const EmotionClassifier& one, const EmotionClassifier& other) {
  return one.parts().features.sample_rate_hz == other.parts().features.sample_rate_hz &&
         one.parts().clip == other.parts().clip;
}

bool same_features(const EmotionClassifier& one, const EmotionClassifier& other) {
  return core::config_to_json(one.parts().features) == core::config_to_json(other.parts().features);
}

std::vector<Recogniser::View> views_of(const std::vector<EmotionClassifier>& members) {
  std::vector<std::vector<Recogniser::View>> sounds;
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto first_of = [&](const Recogniser::View& view) -> const auto& {
      return members[view.members.front()];
    };
    auto sound = std::ranges::find_if(
        sounds, [&](const auto& views) { return same_sound(first_of(views.front()), members[m]); });
    if (sound == sounds.end()) sound = sounds.insert(sounds.end(), {{}});
    auto view = std::ranges::find_if(
        *sound, [&](const auto& shared) { return same_features(first_of(shared), members[m]); });
    if (view == sound->end()) {
      const auto number = static_cast<std::size_t>(sound - sounds.begin());
      view = sound->insert(sound->end(), {{}, number});
    }
    view->members.push_back(m);
  }
  std::vector<Recogniser::View> all;
  for (auto& views : sounds) std::ranges::move(views, std::back_inserter(all));
  return all;
}

Eigen::VectorXf answer_to(const Recogniser& recogniser, const ClipBatch::Sound& sound) {
  ClipBatch batch(recogniser, 1);
  features::FeatureExtractor::Workspace workspace;
  batch.set(0, sound, workspace);
  core::ThreadPool alone(1);
  return probabilities_of(recogniser, batch.finish(1), alone);
}

}  // namespace

Recogniser::Recogniser(EmotionClassifier classifier) {
  core::Json provenance = classifier.parts().provenance;
  std::vector<EmotionClassifier> members;
  members.push_back(std::move(classifier));
  auto views = views_of(members);
  ensemble_ = std::make_shared<const Ensemble>(
      Ensemble{std::move(members), 1.0, std::move(provenance), std::move(views)});
}

Recogniser::Recogniser(std::vector<EmotionClassifier> members, double temperature,
                       core::Json provenance) {
  check_members(members);
  check_temperature(temperature);
  if (members.size() == 1 && temperature != 1.0) {
    throw ModelError("E_MODEL_CONTENT", "a member alone has its own temperature and no other");
  }
  auto views = views_of(members);
  ensemble_ = std::make_shared<const Ensemble>(
      Ensemble{std::move(members), temperature, std::move(provenance), std::move(views)});
}

const EmotionClassifier& Recogniser::only() const {
  if (is_ensemble()) {
    throw ModelError("E_MODEL_ENSEMBLE",
                     "the model is an ensemble of " + std::to_string(members().size()) +
                         " members, where one is needed: train one of its recipes alone");
  }
  return members().front();
}

Eigen::MatrixXf Recogniser::combine(std::span<const Eigen::MatrixXf> of_members) const {
  return tempered(mean_of(of_members), temperature());
}

Eigen::VectorXf Recogniser::probabilities(const std::filesystem::path& recording) const {
  RecordingSound sound(recording);
  return answer_to(*this, std::ref(sound));
}

Eigen::VectorXf Recogniser::probabilities(const audio::Waveform& recording) const {
  audio::Waveform heard;
  return answer_to(*this,
                   [&](const dataset::ClipConfig& clip, int rate_hz) -> const audio::Waveform& {
                     return heard = dataset::clip_of(recording, clip, rate_hz);
                   });
}

Eigen::MatrixXf mean_of(std::span<const Eigen::MatrixXf> matrices) {
  Eigen::MatrixXf mean = matrices.front();
  if (matrices.size() == 1) return mean;
  for (const auto& matrix : matrices.subspan(1)) mean += matrix;
  return mean / static_cast<float>(matrices.size());
}

Eigen::MatrixXf logits_of(const Eigen::MatrixXf& probabilities) {
  return probabilities.array().max(std::numeric_limits<float>::min()).log();
}

Eigen::MatrixXf tempered(Eigen::MatrixXf probabilities, double temperature) {
  if (temperature == 1.0) return probabilities;
  return probabilities_of(logits_of(probabilities), temperature);
}

}  // namespace ser::model
