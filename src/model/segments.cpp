#include "ser/model/segments.h"

#include <algorithm>
#include <cmath>

#include "ser/model/clip_batch.h"

namespace ser::model {
namespace {

// Less is not believed of any window, so that no class is ruled out by rounding.
constexpr double kLeastProbability = 1e-6;

double middle(const WindowPlace& window) { return 0.5 * (window.start_s + window.end_s); }

using Probabilities = Eigen::Ref<const Eigen::MatrixXf>;

Eigen::VectorXd log_probabilities(const Eigen::Ref<const Eigen::VectorXf>& probabilities) {
  return probabilities.cast<double>().cwiseMax(kLeastProbability).array().log();
}

std::size_t most_probable(const Eigen::VectorXd& scores) {
  Eigen::Index best = 0;
  scores.maxCoeff(&best);
  return static_cast<std::size_t>(best);
}

// Probability that the class is still the same after `time_s`, where after a second it is `stay`:
// a chain that forgets exponentially, down to chance.
double stay_after(double time_s, double stay, double classes) {
  const double memory = std::clamp((classes * stay - 1.0) / (classes - 1.0), 0.0, 1.0);
  return 1.0 / classes + (1.0 - 1.0 / classes) * std::pow(memory, time_s);
}

}  // namespace

Eigen::VectorXf probabilities_of(const Recogniser& recogniser, const dataset::SpeechWindow& window,
                                 features::FeatureExtractor::Workspace& workspace) {
  ClipBatch alone(recogniser, 1);
  audio::Waveform heard;
  alone.set(
      0,
      [&](const dataset::ClipConfig& clip, int sample_rate_hz) -> const audio::Waveform& {
        return heard = dataset::sound_of(window, clip, sample_rate_hz);
      },
      workspace);
  core::ThreadPool pool(1);
  return probabilities_of(recogniser, alone.finish(1), pool);
}

std::vector<std::size_t> LabelPaths::next(const WindowPlace& window,
                                          const Eigen::Ref<const Eigen::VectorXf>& probabilities) {
  Eigen::VectorXd scores = log_probabilities(probabilities);
  const double time_s = std::max(0.0, middle(window) - middle_s_);
  middle_s_ = middle(window);
  std::vector<std::size_t> came_from;
  if (scores_.size() > 0) {
    const auto classes = static_cast<double>(scores.size());
    const double same = stay_after(time_s, stay_, classes);
    const double log_same = std::log(same);
    const double log_other = std::log(std::max(kLeastProbability, (1.0 - same) / (classes - 1.0)));
    const std::size_t best_before = best();
    const double changing = scores_(static_cast<Eigen::Index>(best_before)) + log_other;
    for (Eigen::Index c = 0; c < scores.size(); ++c) {
      const double staying = scores_(c) + log_same;
      came_from.push_back(staying >= changing ? static_cast<std::size_t>(c) : best_before);
      scores(c) += std::max(staying, changing);
    }
    scores.array() -= scores.maxCoeff();
  }
  scores_ = std::move(scores);
  return came_from;
}

std::size_t LabelPaths::best() const { return most_probable(scores_); }

std::vector<std::size_t> smooth_labels(std::span<const WindowPlace> windows,
                                       const Probabilities& probabilities, double stay) {
  if (windows.empty()) return {};
  const auto classes = static_cast<std::size_t>(probabilities.rows());
  LabelPaths paths(stay);
  std::vector<std::size_t> came_from;  // [classes] of each window but the first
  for (std::size_t t = 0; t < windows.size(); ++t) {
    const auto before = paths.next(windows[t], probabilities.col(static_cast<Eigen::Index>(t)));
    came_from.insert(came_from.end(), before.begin(), before.end());
  }
  std::vector<std::size_t> labels(windows.size());
  labels.back() = paths.best();
  for (std::size_t t = windows.size() - 1; t > 0; --t) {
    labels[t - 1] = came_from[(t - 1) * classes + labels[t]];
  }
  return labels;
}

void SegmentBuilder::add(const WindowPlace& window, std::size_t label, double probability) {
  double from_s = window.start_s;
  if (pending_) {
    from_s = 0.5 * (middle(pending_->place) + middle(window));
    settle(from_s);
  }
  pending_ = {window, from_s, label, probability};
}

void SegmentBuilder::end_region(const dataset::SpeechRegion& region) {
  if (pending_) settle(region.end_s);
  pending_.reset();
}

// The stretch of the pending window ends here.
void SegmentBuilder::settle(double end_s) {
  const auto& [place, from_s, label, probability] = *pending_;
  const bool goes_on =
      segment_ && segment_->label == label && from_s - segment_->end_s <= longest_pause_s_;
  if (!goes_on) {
    if (segment_) on_segment_(*segment_);
    segment_ = {from_s, from_s, label, 0.0, 0.0};
    windows_ = 0;
  }
  segment_->end_s = end_s;
  segment_->speech_s += end_s - from_s;
  ++windows_;
  segment_->probability += (probability - segment_->probability) / static_cast<double>(windows_);
}

void SegmentBuilder::advance(double settled_s) {
  if (pending_ || !segment_ || settled_s - segment_->end_s <= longest_pause_s_) return;
  on_segment_(*segment_);
  segment_.reset();
}

void SegmentBuilder::finish() {
  if (segment_) on_segment_(*segment_);
  segment_.reset();
}

std::vector<Segment> segments_of(std::span<const dataset::SpeechRegion> speech,
                                 std::span<const WindowPlace> windows,
                                 const Probabilities& probabilities,
                                 const SmoothingConfig& config) {
  const auto labels = smooth_labels(windows, probabilities, config.stay);
  std::vector<Segment> segments;
  SegmentBuilder builder(config.longest_pause_s,
                         [&](const Segment& segment) { segments.push_back(segment); });
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto probability =
        probabilities(static_cast<Eigen::Index>(labels[i]), static_cast<Eigen::Index>(i));
    builder.add(windows[i], labels[i], static_cast<double>(probability));
    const std::size_t region = windows[i].region;
    const bool last_of_region = i + 1 == windows.size() || windows[i + 1].region != region;
    if (last_of_region) builder.end_region(speech[region]);
  }
  builder.finish();
  return segments;
}

Segment segment_of_window(const WindowPlace& window, std::size_t label, double probability) {
  return {window.new_from_s, window.end_s, label, probability, window.new_speech_s};
}

}  // namespace ser::model
