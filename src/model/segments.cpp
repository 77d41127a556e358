#include "ser/model/segments.h"

#include <algorithm>
#include <cmath>

namespace ser::model {
namespace {

// Less is not believed of any window, so that no class is ruled out by rounding.
constexpr double kLeastProbability = 1e-6;

double middle(const WindowPlace& window) { return 0.5 * (window.start_s + window.end_s); }

using Probabilities = Eigen::Ref<const Eigen::MatrixXf>;

Eigen::VectorXd log_probabilities(const Probabilities& probabilities, std::size_t window) {
  return probabilities.col(static_cast<Eigen::Index>(window))
      .cast<double>()
      .cwiseMax(kLeastProbability)
      .array()
      .log();
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

// What each window stands for: from where on, within its region.
std::vector<double> starts_of(std::span<const dataset::SpeechRegion> speech,
                              std::span<const WindowPlace> windows) {
  std::vector<double> starts;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const bool first = i == 0 || windows[i - 1].region != windows[i].region;
    starts.push_back(first ? speech[windows[i].region].start_s
                           : 0.5 * (middle(windows[i - 1]) + middle(windows[i])));
  }
  return starts;
}

}  // namespace

std::vector<std::size_t> smooth_labels(std::span<const WindowPlace> windows,
                                       const Probabilities& probabilities, double stay) {
  if (windows.empty()) return {};
  const Eigen::Index classes = probabilities.rows();
  Eigen::VectorXd scores = log_probabilities(probabilities, 0);
  // [class, window]: the class before, on the best path to this one
  Eigen::Matrix<std::size_t, Eigen::Dynamic, Eigen::Dynamic> came_from(classes,
                                                                       probabilities.cols());
  for (std::size_t t = 1; t < windows.size(); ++t) {
    const double time_s = std::max(0.0, middle(windows[t]) - middle(windows[t - 1]));
    const double same = stay_after(time_s, stay, static_cast<double>(classes));
    const double log_same = std::log(same);
    const double log_other =
        std::log(std::max(kLeastProbability, (1.0 - same) / static_cast<double>(classes - 1)));
    const std::size_t best = most_probable(scores);
    const double changing = scores(static_cast<Eigen::Index>(best)) + log_other;
    Eigen::VectorXd next = log_probabilities(probabilities, t);
    for (Eigen::Index c = 0; c < classes; ++c) {
      const double staying = scores(c) + log_same;
      came_from(c, static_cast<Eigen::Index>(t)) =
          staying >= changing ? static_cast<std::size_t>(c) : best;
      next(c) += std::max(staying, changing);
    }
    scores = next.array() - next.maxCoeff();
  }
  std::vector<std::size_t> labels(windows.size());
  labels.back() = most_probable(scores);
  for (std::size_t t = windows.size() - 1; t > 0; --t) {
    labels[t - 1] = came_from(static_cast<Eigen::Index>(labels[t]), static_cast<Eigen::Index>(t));
  }
  return labels;
}

std::vector<Segment> segments_of(std::span<const dataset::SpeechRegion> speech,
                                 std::span<const WindowPlace> windows,
                                 const Probabilities& probabilities,
                                 const SmoothingConfig& config) {
  const auto labels = smooth_labels(windows, probabilities, config.stay);
  const auto starts = starts_of(speech, windows);
  std::vector<Segment> segments;
  std::size_t windows_of_last = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const bool last_of_region =
        i + 1 == windows.size() || windows[i + 1].region != windows[i].region;
    const double end_s = last_of_region ? speech[windows[i].region].end_s : starts[i + 1];
    const auto probability = static_cast<double>(
        probabilities(static_cast<Eigen::Index>(labels[i]), static_cast<Eigen::Index>(i)));
    const bool goes_on = !segments.empty() && segments.back().label == labels[i] &&
                         starts[i] - segments.back().end_s <= config.longest_pause_s;
    if (!goes_on) {
      segments.push_back({starts[i], starts[i], labels[i], 0.0, 0.0});
      windows_of_last = 0;
    }
    Segment& segment = segments.back();
    segment.end_s = end_s;
    segment.speech_s += end_s - starts[i];
    ++windows_of_last;
    segment.probability +=
        (probability - segment.probability) / static_cast<double>(windows_of_last);
  }
  return segments;
}

}  // namespace ser::model
