#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "ser/dataset/speech_windows.h"

namespace ser::model {

// How the labels of windows become a course of labels over time.
struct SmoothingConfig {
  // Probability that the emotion a second later is the same. It is smoothed by the most probable
  // path (Viterbi) through a chain in which every other class is as likely to follow; what lies
  // further apart, as behind a pause, depends less on each other. 0: each window stands for itself.
  double stay = 0.8;
  // Pauses in speech up to this belong to the segment around them.
  double longest_pause_s = 0.5;
};

// Where a window lies, and in which region of speech.
struct WindowPlace {
  double start_s = 0.0;
  double end_s = 0.0;
  std::size_t region = 0;
};

// A stretch of a recording with one emotion.
struct Segment {
  double start_s = 0.0;
  double end_s = 0.0;
  std::size_t label = 0;     // index of the class
  double probability = 0.0;  // the mean of its windows'
  double speech_s = 0.0;     // how much of it is speech

  double speech_share() const { return speech_s / (end_s - start_s); }
};

// The most probable class of each window, in view of its neighbours. The windows are those of one
// recording, in order; `probabilities` [classes x windows] is what the recogniser says of them.
std::vector<std::size_t> smooth_labels(std::span<const WindowPlace> windows,
                                       const Eigen::Ref<const Eigen::MatrixXf>& probabilities,
                                       double stay);

// Segments in order, apart from each other. Within a region each window stands for what lies nearer
// to its middle than to those of its neighbours.
std::vector<Segment> segments_of(std::span<const dataset::SpeechRegion> speech,
                                 std::span<const WindowPlace> windows,
                                 const Eigen::Ref<const Eigen::MatrixXf>& probabilities,
                                 const SmoothingConfig& config);

}  // namespace ser::model
