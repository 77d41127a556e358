#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ser/dataset/speech_windows.h"
#include "ser/features/extractor.h"
#include "ser/model/recogniser.h"

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

using dataset::WindowPlace;

// Probabilities [classes] of a window. They do not depend on what else is heard.
Eigen::VectorXf probabilities_of(const Recogniser& recogniser, const dataset::SpeechWindow& window,
                                 features::FeatureExtractor::Workspace& workspace);

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

// The paths through the chain that smooth_labels() chooses of, window by window.
class LabelPaths {
 public:
  explicit LabelPaths(double stay) : stay_(stay) {}

  // The next window, and what the recogniser says of it [classes]. Returns from which class before
  // the best path to each class comes; empty for the first window.
  std::vector<std::size_t> next(const WindowPlace& window,
                                const Eigen::Ref<const Eigen::VectorXf>& probabilities);
  // The class in which the best path so far ends: the label of that window by what was heard up to
  // it. Needs a window.
  std::size_t best() const;

 private:
  double stay_;
  double middle_s_ = 0.0;   // of the window before
  Eigen::VectorXd scores_;  // of the best path to each class
};

// Segments in order, apart from each other. Within a region each window stands for what lies nearer
// to its middle than to those of its neighbours.
std::vector<Segment> segments_of(std::span<const dataset::SpeechRegion> speech,
                                 std::span<const WindowPlace> windows,
                                 const Eigen::Ref<const Eigen::MatrixXf>& probabilities,
                                 const SmoothingConfig& config);

// Puts those together from windows that come one after the other.
class SegmentBuilder {
 public:
  using OnSegment = std::function<void(const Segment&)>;

  // `on_segment` is told of each segment once it is over.
  SegmentBuilder(double longest_pause_s, OnSegment on_segment)
      : longest_pause_s_(longest_pause_s), on_segment_(std::move(on_segment)) {}

  // `probability` is that of the label.
  void add(const WindowPlace& window, std::size_t label, double probability);
  // Behind the windows of the region.
  void end_region(const dataset::SpeechRegion& region);
  // No region that is still to end begins before this.
  void advance(double settled_s);
  void finish();

 private:
  struct Pending {
    WindowPlace place;
    double from_s = 0.0;  // of what it stands for
    std::size_t label = 0;
    double probability = 0.0;
  };

  void settle(double end_s);

  double longest_pause_s_;
  OnSegment on_segment_;
  std::optional<Pending> pending_;  // the last window, until it is known where its stretch ends
  std::optional<Segment> segment_;  // that may go on
  std::size_t windows_ = 0;         // of it
};

// What a window says that those before it did not, as a segment by itself.
Segment segment_of_window(const WindowPlace& window, std::size_t label, double probability);

}  // namespace ser::model
