#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "ser/dataset/clip_config.h"
#include "ser/features/extractor.h"

namespace ser::dataset {

// What a recogniser takes of clips, one a column.
struct ClipFeatures {
  Eigen::MatrixXf values;  // [features x clips]
  // Steps of each clip where they differ, as frames do: its numbers stand at the beginning of its
  // column, step by step, and what is behind them is not heard (of a builder zeros). Empty: every
  // column is full.
  std::vector<Eigen::Index> lengths;
};

// The most steps that a clip has: frames, or 1 where one vector describes it. Throws ConfigError
// (E_CONFIG_VALUE) where the configuration lets clips have any number.
Eigen::Index most_steps(const features::FeatureExtractor& extractor, const ClipConfig& clip);

// Puts together what FeatureExtractor::clip_vector() gives of clips. Different columns may be
// worked on at once.
class ClipFeaturesBuilder {
 public:
  // Throws as most_steps().
  ClipFeaturesBuilder(const features::FeatureExtractor& extractor, const ClipConfig& clip,
                      std::size_t columns);

  // Steps beyond the most are left out: resampling may round a clip up.
  void set(std::size_t column, const Eigen::VectorXf& features);
  // Moves what is in a column to one before it.
  void move(std::size_t from, std::size_t to);
  // The first `columns`, which take no more memory than the longest of them needs.
  ClipFeatures finish(std::size_t columns);

 private:
  Eigen::Index step_size_;
  Eigen::Index most_steps_;
  bool differ_;             // in length
  Eigen::MatrixXf values_;  // of clips that do not
  std::vector<Eigen::VectorXf> columns_;
};

// All clips of the parts, which came from such builders, one after the other. Throws as
// most_steps().
ClipFeatures joined(const features::FeatureExtractor& extractor, const ClipConfig& clip,
                    std::vector<ClipFeatures> parts);

}  // namespace ser::dataset
