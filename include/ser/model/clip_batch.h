#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/clip_config.h"
#include "ser/dataset/clip_features.h"
#include "ser/features/extractor.h"
#include "ser/model/recogniser.h"

namespace ser::model {

// What a recogniser takes of several clips: of each of its views a column a clip.
using RecogniserInput = std::vector<dataset::ClipFeatures>;

// Puts such together. Different clips may be worked on at once, with a workspace each.
class ClipBatch {
 public:
  // Throws as dataset::most_steps(). The recogniser must outlive it.
  ClipBatch(const Recogniser& recogniser, std::size_t clips);

  // The most numbers that a clip takes.
  static std::size_t numbers_of_clip(const Recogniser& recogniser);

  // The part of a recording that a configuration names, at a rate in Hz.
  using Sound =
      std::function<const audio::Waveform&(const dataset::ClipConfig& clip, int sample_rate_hz)>;
  // Asks for each of the recogniser's sounds once. Throws what `sound` and
  // FeatureExtractor::clip_vector() throw.
  void set(std::size_t clip, const Sound& sound, features::FeatureExtractor::Workspace& workspace);

  // Moves what is in the place of a clip to that of one before it.
  void move(std::size_t from, std::size_t to);
  // The first `clips`.
  RecogniserInput finish(std::size_t clips);

 private:
  const Recogniser& recogniser_;
  std::vector<dataset::ClipFeaturesBuilder> views_;
};

// All clips of the parts, one after the other.
RecogniserInput joined(const Recogniser& recogniser, std::vector<RecogniserInput> parts);

// Probabilities [classes x clips], normalised by the statistics of the training part.
Eigen::MatrixXf probabilities_of(const Recogniser& recogniser, const RecogniserInput& input,
                                 core::ThreadPool& pool);
// The same, each clip normalised by its group's statistics where that is large enough
// (dataset/group_statistics.h). groups: one name a clip. Uses the input up, so that it need not be
// copied for a view that one member has.
Eigen::MatrixXf probabilities_of(const Recogniser& recogniser, RecogniserInput input,
                                 std::span<const std::string> groups, core::ThreadPool& pool);

// What the members that share a view say each of its features, so normalised: as many matrices
// [classes x clips], in their order. Also uses the features up.
struct ViewAnswer {
  std::vector<Eigen::MatrixXf> of_members;
  std::size_t by_training = 0;  // clips whose group has no statistics of its own
};
ViewAnswer answer_of_view(const Recogniser& recogniser, const Recogniser::View& view,
                          dataset::ClipFeatures features, std::span<const std::string> groups,
                          core::ThreadPool& pool);

// The sound of a recording; it remembers the last.
class RecordingSound {
 public:
  explicit RecordingSound(std::filesystem::path recording) : recording_(std::move(recording)) {}

  // Reads the recording unless this is what was asked for last. Throws AudioError.
  const audio::Waveform& operator()(const dataset::ClipConfig& clip, int sample_rate_hz);
  // What was noticed while it was read, each once.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::filesystem::path recording_;
  std::optional<dataset::ClipConfig> clip_;  // of what was heard last
  audio::Waveform heard_;
  std::vector<std::string> warnings_;
};

}  // namespace ser::model
