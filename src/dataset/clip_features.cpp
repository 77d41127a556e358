#include "ser/dataset/clip_features.h"

#include <algorithm>
#include <cmath>

#include "ser/core/error.h"

namespace ser::dataset {

Eigen::Index most_steps(const features::FeatureExtractor& extractor, const ClipConfig& clip) {
  if (!extractor.gives_frames()) return 1;
  if (!clip.duration_s) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "clip.duration_s: features of form frames need a longest clip, by which "
        "their memory is bounded; name one, found null");
  }
  return 1 + static_cast<Eigen::Index>(std::floor(*clip.duration_s / extractor.frame_shift_s()));
}

ClipFeaturesBuilder::ClipFeaturesBuilder(const features::FeatureExtractor& extractor,
                                         const ClipConfig& clip, std::size_t columns)
    : step_size_(static_cast<Eigen::Index>(extractor.clip_names().size())),
      most_steps_(most_steps(extractor, clip)),
      differ_(extractor.gives_frames()) {
  if (differ_) {
    columns_.resize(columns);
  } else {
    values_.resize(step_size_, static_cast<Eigen::Index>(columns));
  }
}

void ClipFeaturesBuilder::set(std::size_t column, const Eigen::VectorXf& features) {
  if (differ_) {
    columns_[column] = features.head(std::min(features.size(), most_steps_ * step_size_));
  } else {
    values_.col(static_cast<Eigen::Index>(column)) = features;
  }
}

void ClipFeaturesBuilder::move(std::size_t from, std::size_t to) {
  if (from == to) return;
  if (differ_) {
    columns_[to] = std::move(columns_[from]);
  } else {
    values_.col(static_cast<Eigen::Index>(to)) = values_.col(static_cast<Eigen::Index>(from));
  }
}

ClipFeatures ClipFeaturesBuilder::finish(std::size_t columns) {
  const auto count = static_cast<Eigen::Index>(columns);
  ClipFeatures made;
  if (!differ_) {
    if (count != values_.cols()) values_.conservativeResize(Eigen::NoChange, count);
    made.values = std::move(values_);
    return made;
  }
  Eigen::Index longest = step_size_;
  for (std::size_t i = 0; i < columns; ++i) longest = std::max(longest, columns_[i].size());
  made.values.resize(longest, count);
  for (std::size_t i = 0; i < columns; ++i) {
    made.lengths.push_back(columns_[i].size() / step_size_);
    auto column = made.values.col(static_cast<Eigen::Index>(i));
    column.head(columns_[i].size()) = columns_[i];
    column.tail(longest - columns_[i].size()).setZero();  // checksums go over whole columns
    columns_[i].resize(0);
  }
  return made;
}

ClipFeatures joined(const features::FeatureExtractor& extractor, const ClipConfig& clip,
                    std::vector<ClipFeatures> parts) {
  std::size_t count = 0;
  for (const auto& part : parts) count += static_cast<std::size_t>(part.values.cols());
  ClipFeaturesBuilder builder(extractor, clip, count);
  const auto step_size = static_cast<Eigen::Index>(extractor.clip_names().size());
  std::size_t next = 0;
  for (auto& part : parts) {
    for (Eigen::Index i = 0; i < part.values.cols(); ++i) {
      const Eigen::Index steps =
          part.lengths.empty() ? 1 : part.lengths[static_cast<std::size_t>(i)];
      builder.set(next++, part.values.col(i).head(steps * step_size));
    }
    part = {};
  }
  return builder.finish(count);
}

}  // namespace ser::dataset
