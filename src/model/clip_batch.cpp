#include "ser/model/clip_batch.h"

#include <algorithm>
#include <limits>

#include "ser/dataset/clip_loader.h"
#include "ser/dataset/group_statistics.h"

namespace ser::model {

ClipBatch::ClipBatch(const Recogniser& recogniser, std::size_t clips) : recogniser_(recogniser) {
  for (const auto& view : recogniser.views()) {
    const auto& classifier = recogniser.classifier_of(view);
    views_.emplace_back(classifier.extractor(), classifier.parts().clip, clips);
  }
}

std::size_t ClipBatch::numbers_of_clip(const Recogniser& recogniser) {
  std::size_t numbers = 0;
  for (const auto& view : recogniser.views()) {
    numbers +=
        static_cast<std::size_t>(recogniser.classifier_of(view).network().input_shape().size());
  }
  return numbers;
}

void ClipBatch::set(std::size_t clip, const Sound& sound,
                    features::FeatureExtractor::Workspace& workspace) {
  const audio::Waveform* heard = nullptr;
  std::size_t heard_sound = std::numeric_limits<std::size_t>::max();
  for (std::size_t v = 0; v < views_.size(); ++v) {
    const auto& view = recogniser_.views()[v];
    const auto& classifier = recogniser_.classifier_of(view);
    if (view.sound != heard_sound) {
      heard = &sound(classifier.parts().clip, classifier.parts().features.sample_rate_hz);
      heard_sound = view.sound;
    }
    views_[v].set(clip, classifier.extractor().clip_vector(*heard, workspace));
  }
}

void ClipBatch::move(std::size_t from, std::size_t to) {
  for (auto& view : views_) view.move(from, to);
}

RecogniserInput ClipBatch::finish(std::size_t clips) {
  RecogniserInput input;
  for (auto& view : views_) input.push_back(view.finish(clips));
  return input;
}

RecogniserInput joined(const Recogniser& recogniser, std::vector<RecogniserInput> parts) {
  RecogniserInput all;
  for (std::size_t v = 0; v < recogniser.views().size(); ++v) {
    const auto& classifier = recogniser.classifier_of(recogniser.views()[v]);
    std::vector<dataset::ClipFeatures> of_view;
    of_view.reserve(parts.size());
    for (auto& part : parts) of_view.push_back(std::move(part[v]));
    all.push_back(
        dataset::joined(classifier.extractor(), classifier.parts().clip, std::move(of_view)));
  }
  return all;
}

Eigen::MatrixXf probabilities_of(const Recogniser& recogniser, const RecogniserInput& input,
                                 core::ThreadPool& pool) {
  std::vector<Eigen::MatrixXf> of_members(recogniser.members().size());
  for (std::size_t v = 0; v < input.size(); ++v) {
    for (const std::size_t m : recogniser.views()[v].members) {
      of_members[m] =
          recogniser.members()[m].probabilities(input[v].values, pool, input[v].lengths);
    }
  }
  return recogniser.combine(of_members);
}

Eigen::MatrixXf probabilities_of(const Recogniser& recogniser, RecogniserInput input,
                                 std::span<const std::string> groups, core::ThreadPool& pool) {
  std::vector<Eigen::MatrixXf> of_members(recogniser.members().size());
  for (std::size_t v = 0; v < input.size(); ++v) {
    const auto& view = recogniser.views()[v];
    auto answer = answer_of_view(recogniser, view, std::move(input[v]), groups, pool);
    for (std::size_t i = 0; i < view.members.size(); ++i) {
      of_members[view.members[i]] = std::move(answer.of_members[i]);
    }
  }
  return recogniser.combine(of_members);
}

ViewAnswer answer_of_view(const Recogniser& recogniser, const Recogniser::View& view,
                          dataset::ClipFeatures features, std::span<const std::string> groups,
                          core::ThreadPool& pool) {
  ViewAnswer answer;
  const auto ask = [&](const EmotionClassifier& member, dataset::ClipFeatures clips) {
    answer.by_training = dataset::normalize_by_group(clips, groups, member.parts().normalizer);
    answer.of_members.push_back(
        member.probabilities_of_normalized(clips.values, pool, clips.lengths));
  };
  const auto members = std::span(view.members);
  for (const std::size_t m : members.first(members.size() - 1)) {
    ask(recogniser.members()[m], features);
  }
  ask(recogniser.members()[members.back()], std::move(features));
  return answer;
}

const audio::Waveform& RecordingSound::operator()(const dataset::ClipConfig& clip,
                                                  int sample_rate_hz) {
  if (clip_ == clip && heard_.sample_rate_hz == sample_rate_hz) return heard_;
  auto loaded = dataset::load_clip(recording_, clip, sample_rate_hz);
  clip_ = clip;
  heard_ = std::move(loaded.waveform);
  for (auto& warning : loaded.warnings) {
    if (std::ranges::find(warnings_, warning) == warnings_.end()) {
      warnings_.push_back(std::move(warning));
    }
  }
  return heard_;
}

}  // namespace ser::model
