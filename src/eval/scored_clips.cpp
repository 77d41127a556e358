#include "ser/eval/scored_clips.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ser/core/error.h"
#include "ser/eval/predictions.h"

namespace ser::eval {
namespace {

constexpr int kBins = 15;
constexpr double kLeastProbabilityOfTruth = 1e-15;

[[noreturn]] void reject_scores(const std::string& why) {
  throw core::ConfigError("E_METRICS_INPUT", why);
}

void require_valid(const ScoredClips& clips) {
  const auto& p = clips.probabilities;
  if (clips.classes.size() > kMaxClasses) {
    reject_scores("there are " + std::to_string(clips.classes.size()) + " classes, more than " +
                  std::to_string(kMaxClasses));
  }
  if (p.rows() != static_cast<Eigen::Index>(clips.classes.size()) ||
      p.cols() != static_cast<Eigen::Index>(clips.truth.size())) {
    reject_scores("probabilities of " + std::to_string(p.rows()) + " classes for " +
                  std::to_string(p.cols()) + " clips do not go with " +
                  std::to_string(clips.classes.size()) + " classes and " +
                  std::to_string(clips.truth.size()) + " labels");
  }
  for (std::size_t i = 0; i < clips.truth.size(); ++i) {
    if (clips.truth[i] < 0 || clips.truth[i] >= p.rows()) {
      reject_scores("the true label of clip " + std::to_string(i) + " is " +
                    std::to_string(clips.truth[i]) + ", but there are " + std::to_string(p.rows()) +
                    " classes, counted from 0");
    }
    // written so that NaN fails
    if (!(p.col(static_cast<Eigen::Index>(i)).array() >= 0.0F &&
          p.col(static_cast<Eigen::Index>(i)).array() <= 1.0F)
             .all()) {
      reject_scores("clip " + std::to_string(i) + " has a probability outside 0 to 1");
    }
  }
}

struct Bin {
  std::int64_t clips = 0;
  std::int64_t right = 0;
  double confidence = 0.0;
};

}  // namespace

ScoredClips select(const ScoredClips& clips, std::span<const std::size_t> chosen) {
  ScoredClips selected;
  selected.classes = clips.classes;
  selected.probabilities.resize(clips.probabilities.rows(),
                                static_cast<Eigen::Index>(chosen.size()));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    selected.truth.push_back(clips.truth[chosen[i]]);
    selected.probabilities.col(static_cast<Eigen::Index>(i)) =
        clips.probabilities.col(static_cast<Eigen::Index>(chosen[i]));
  }
  return selected;
}

ClipCounter::ClipCounter(const ScoredClips& clips, std::optional<double> threshold)
    : classes_(clips.classes), threshold_(threshold) {
  require_valid(clips);
  predicted_ = most_probable(clips.probabilities);
  clips_.reserve(clips.truth.size());
  for (std::size_t i = 0; i < clips.truth.size(); ++i) {
    const Eigen::VectorXd p = clips.probabilities.col(static_cast<Eigen::Index>(i)).cast<double>();
    Clip clip{};
    clip.truth = clips.truth[i];
    clip.predicted = predicted_[i];
    clip.confidence = p(clip.predicted);
    clip.bin = std::clamp(static_cast<int>(std::ceil(clip.confidence * kBins)) - 1, 0, kBins - 1);
    clip.log_loss = -std::log(std::max(p(clip.truth), kLeastProbabilityOfTruth));
    // sum of squares with p_y replaced by p_y - 1
    clip.brier = p.squaredNorm() - 2.0 * p(clip.truth) + 1.0;
    clips_.push_back(clip);
  }
  by_confidence_.resize(clips_.size());
  std::iota(by_confidence_.begin(), by_confidence_.end(), std::size_t{0});
  std::ranges::stable_sort(by_confidence_, [&](std::size_t a, std::size_t b) {
    return clips_[a].confidence > clips_[b].confidence;
  });
}

Metrics ClipCounter::count() const { return count(std::vector<std::int32_t>(clips_.size(), 1)); }

Metrics ClipCounter::count(std::span<const std::int32_t> times) const {
  if (times.size() != clips_.size())
    reject_scores("every clip needs to be told how often it counts");
  const auto classes = static_cast<Eigen::Index>(classes_.size());
  ConfusionMatrix confusion = ConfusionMatrix::Zero(classes, classes);
  std::array<Bin, kBins> bins{};
  ProbabilityMetrics sums;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    if (times[i] == 0) continue;
    const Clip& clip = clips_[i];
    const double weight = times[i];
    confusion(clip.truth, clip.predicted) += times[i];
    total += times[i];
    sums.log_loss += weight * clip.log_loss;
    sums.brier += weight * clip.brier;
    Bin& bin = bins[static_cast<std::size_t>(clip.bin)];
    bin.clips += times[i];
    bin.right += clip.truth == clip.predicted ? times[i] : 0;
    bin.confidence += weight * clip.confidence;
  }
  Metrics metrics = compute_metrics(confusion, classes_);
  if (total == 0) return metrics;
  const auto clips = static_cast<double>(total);
  for (const Bin& bin : bins) {
    sums.ece += std::abs(static_cast<double>(bin.right) - bin.confidence);
  }
  metrics.of_probabilities = {sums.log_loss / clips, sums.brier / clips, sums.ece / clips,
                              aurc(times, total)};
  if (threshold_) metrics.answered = answered(times, total);
  return metrics;
}

std::vector<ReliabilityBin> ClipCounter::reliability() const {
  std::vector<ReliabilityBin> bins(kBins);
  for (const Clip& clip : clips_) {
    auto& bin = bins[static_cast<std::size_t>(clip.bin)];
    ++bin.clips;
    bin.confidence += clip.confidence;
    bin.accuracy += clip.truth == clip.predicted ? 1.0 : 0.0;
  }
  for (auto& bin : bins) {
    if (bin.clips == 0) continue;
    bin.confidence /= static_cast<double>(bin.clips);
    bin.accuracy /= static_cast<double>(bin.clips);
  }
  return bins;
}

template <class Visit>
void ClipCounter::for_each_risk(std::span<const std::int32_t> times, Visit&& visit) const {
  double clips = 0.0;
  double errors = 0.0;
  std::size_t i = 0;
  while (i < by_confidence_.size()) {
    const double confidence = clips_[by_confidence_[i]].confidence;
    std::int64_t equal = 0;
    std::int64_t wrong = 0;
    for (; i < by_confidence_.size() && clips_[by_confidence_[i]].confidence == confidence; ++i) {
      const Clip& clip = clips_[by_confidence_[i]];
      equal += times[by_confidence_[i]];
      wrong += clip.truth == clip.predicted ? 0 : times[by_confidence_[i]];
    }
    if (equal == 0) continue;
    const double errors_each = static_cast<double>(wrong) / static_cast<double>(equal);
    for (std::int64_t k = 1; k <= equal; ++k) {
      const auto step = static_cast<double>(k);
      visit((errors + errors_each * step) / (clips + step));
    }
    clips += static_cast<double>(equal);
    errors += static_cast<double>(wrong);
  }
}

std::vector<double> ClipCounter::risks() const {
  std::vector<double> risks;
  for_each_risk(std::vector<std::int32_t>(clips_.size(), 1),
                [&](double risk) { risks.push_back(risk); });
  return risks;
}

double ClipCounter::aurc(std::span<const std::int32_t> times, std::int64_t total) const {
  double sum = 0.0;
  for_each_risk(times, [&](double risk) { sum += risk; });
  return sum / static_cast<double>(total);
}

Answered ClipCounter::answered(std::span<const std::int32_t> times, std::int64_t total) const {
  const auto classes = static_cast<Eigen::Index>(classes_.size());
  ConfusionMatrix confusion = ConfusionMatrix::Zero(classes, classes);
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    if (clips_[i].confidence >= *threshold_) {
      confusion(clips_[i].truth, clips_[i].predicted) += times[i];
    }
  }
  const Metrics metrics = compute_metrics(confusion, classes_);
  Answered answered{*threshold_, metrics.clips, 0.0, {}, {}};
  answered.coverage = static_cast<double>(metrics.clips) / static_cast<double>(total);
  if (metrics.clips > 0) {
    answered.accuracy = metrics.accuracy;
    answered.uar = metrics.uar;
  }
  return answered;
}

Metrics compute_metrics(const ScoredClips& clips, std::optional<double> threshold) {
  return ClipCounter(clips, threshold).count();
}

}  // namespace ser::eval
