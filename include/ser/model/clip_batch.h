#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/clip_config.h"
#include "ser/features/extractor.h"
#include "ser/model/recogniser.h"

namespace ser::model {

// What a recogniser looks at of several clips. Members that take the same features of the same part
// of a recording share them, and those that take others of the same part share its sound.
class ClipBatch {
 public:
  // A batch of silent clips. The recogniser must outlive it.
  ClipBatch(const Recogniser& recogniser, std::size_t clips);

  // Numbers that a clip takes.
  static std::size_t numbers_of_clip(const Recogniser& recogniser);

  // The part of a recording that a configuration names, at a rate in Hz. It is asked for once where
  // several members look at the same.
  using Sound = std::function<audio::Waveform(const dataset::ClipConfig& clip, int sample_rate_hz)>;
  // Replaces a clip. Clips may be set by several threads, each with a workspace of its own. Throws
  // what `sound` and FeatureExtractor::clip_vector() throw.
  void set(std::size_t clip, const Sound& sound, features::FeatureExtractor::Workspace& workspace);

  // Leaves only these clips, which are named in rising order.
  void keep(std::span<const std::size_t> clips);

  // Probabilities [classes x clips], normalised by the statistics of the training part.
  Eigen::MatrixXf probabilities(core::ThreadPool& pool) const;
  // The same, each clip normalised by its group's statistics where it has one that is large enough
  // (dataset/group_statistics.h).
  Eigen::MatrixXf probabilities(std::span<const std::string> groups, core::ThreadPool& pool) const;

 private:
  // The features that one or more members take.
  struct View {
    const EmotionClassifier* classifier;
    std::vector<std::size_t> members;
    Eigen::MatrixXf values;  // [features x clips]
  };

  const Recogniser& recogniser_;
  std::vector<View> views_;  // those of one sound stand together
};

// The sound of a recording. `on_warnings` is told what was noticed while it was read.
ClipBatch::Sound loader(std::filesystem::path recording,
                        std::function<void(std::vector<std::string> warnings)> on_warnings = {});

}  // namespace ser::model
