#include "ser/model/clip_batch.h"

#include <algorithm>

#include "ser/core/config.h"
#include "ser/dataset/clip_loader.h"
#include "ser/dataset/group_statistics.h"

namespace ser::model {
namespace {

bool same_sound(const EmotionClassifier& one, const EmotionClassifier& other) {
  return one.parts().features.sample_rate_hz == other.parts().features.sample_rate_hz &&
         core::config_to_json(one.parts().clip) == core::config_to_json(other.parts().clip);
}

bool same_features(const EmotionClassifier& one, const EmotionClassifier& other) {
  return same_sound(one, other) &&
         core::config_to_json(one.parts().features) == core::config_to_json(other.parts().features);
}

}  // namespace

ClipBatch::ClipBatch(const Recogniser& recogniser, std::size_t clips) : recogniser_(recogniser) {
  const auto members = recogniser.members();
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto shared = std::ranges::find_if(
        views_, [&](const View& view) { return same_features(*view.classifier, members[m]); });
    if (shared != views_.end()) {
      shared->members.push_back(m);
      continue;
    }
    // behind the last of the same sound
    const auto neighbour = std::find_if(views_.rbegin(), views_.rend(), [&](const View& view) {
      return same_sound(*view.classifier, members[m]);
    });
    const auto rows = static_cast<Eigen::Index>(members[m].extractor().clip_names().size());
    views_.insert(
        neighbour == views_.rend() ? views_.end() : neighbour.base(),
        {&members[m], {m}, Eigen::MatrixXf::Zero(rows, static_cast<Eigen::Index>(clips))});
  }
}

std::size_t ClipBatch::numbers_of_clip(const Recogniser& recogniser) {
  std::size_t numbers = 0;
  for (const View& view : ClipBatch(recogniser, 0).views_) {
    numbers += static_cast<std::size_t>(view.values.rows());
  }
  return numbers;
}

void ClipBatch::set(std::size_t clip, const Sound& sound,
                    features::FeatureExtractor::Workspace& workspace) {
  audio::Waveform heard;
  const EmotionClassifier* heard_by = nullptr;
  for (View& view : views_) {
    const auto& parts = view.classifier->parts();
    if (heard_by == nullptr || !same_sound(*heard_by, *view.classifier)) {
      heard = sound(parts.clip, parts.features.sample_rate_hz);
      heard_by = view.classifier;
    }
    view.values.col(static_cast<Eigen::Index>(clip)) =
        view.classifier->extractor().clip_vector(heard, workspace);
  }
}

void ClipBatch::keep(std::span<const std::size_t> clips) {
  for (View& view : views_) {
    for (std::size_t kept = 0; kept < clips.size(); ++kept) {
      if (kept == clips[kept]) continue;
      view.values.col(static_cast<Eigen::Index>(kept)) =
          view.values.col(static_cast<Eigen::Index>(clips[kept]));
    }
    view.values.conservativeResize(Eigen::NoChange, static_cast<Eigen::Index>(clips.size()));
  }
}

Eigen::MatrixXf ClipBatch::probabilities(core::ThreadPool& pool) const {
  const auto members = recogniser_.members();
  std::vector<Eigen::MatrixXf> of_members(members.size());
  for (const View& view : views_) {
    for (const std::size_t m : view.members) {
      of_members[m] = members[m].probabilities(view.values, pool);
    }
  }
  return recogniser_.combine(of_members);
}

Eigen::MatrixXf ClipBatch::probabilities(std::span<const std::string> groups,
                                         core::ThreadPool& pool) const {
  const auto members = recogniser_.members();
  std::vector<Eigen::MatrixXf> of_members(members.size());
  for (const View& view : views_) {
    for (const std::size_t m : view.members) {
      Eigen::MatrixXf values = view.values;
      dataset::normalize_by_group(values, groups, members[m].parts().normalizer);
      of_members[m] = members[m].probabilities_of_normalized(values, pool);
    }
  }
  return recogniser_.combine(of_members);
}

ClipBatch::Sound loader(std::filesystem::path recording,
                        std::function<void(std::vector<std::string> warnings)> on_warnings) {
  return [recording = std::move(recording), on_warnings = std::move(on_warnings)](
             const dataset::ClipConfig& clip, int sample_rate_hz) {
    auto loaded = dataset::load_clip(recording, clip, sample_rate_hz);
    if (on_warnings) on_warnings(std::move(loaded.warnings));
    return std::move(loaded.waveform);
  };
}

}  // namespace ser::model
