#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/eval/metrics.h"

namespace ser::eval {

// What a recogniser made of labelled clips.
struct ScoredClips {
  std::vector<std::string> classes;
  std::vector<int> truth;         // of each clip, an index into `classes`
  Eigen::MatrixXf probabilities;  // [classes x clips], each column's sum 1
};

// The clips of these indices.
ScoredClips select(const ScoredClips& clips, std::span<const std::size_t> chosen);

// The clips of one of the bins of ProbabilityMetrics::ece; without clips, the means are 0.
struct ReliabilityBin {
  std::int64_t clips = 0;
  double confidence = 0.0;  // mean
  double accuracy = 0.0;
};

// Clips made ready to be counted again and again, each as often as a resample drew it. Any number
// of threads may count.
class ClipCounter {
 public:
  // Throws ConfigError (E_METRICS_INPUT) if the sizes do not fit each other, a label is outside the
  // classes, or a probability outside [0, 1]. With a threshold, Metrics::answered is of the clips
  // whose confidence is at least that.
  explicit ClipCounter(const ScoredClips& clips, std::optional<double> threshold = std::nullopt);

  std::size_t size() const { return clips_.size(); }
  // The class of the highest probability for each clip; the first of equals.
  const std::vector<int>& predicted() const { return predicted_; }

  // Every clip once.
  Metrics count() const;
  // Clip i `times[i]` times.
  Metrics count(std::span<const std::int32_t> times) const;

  // All bins, of equal width in confidence from 0 to 1.
  std::vector<ReliabilityBin> reliability() const;
  // For each n from 1 to size() the share of errors among the n clips of highest confidence: what
  // ProbabilityMetrics::aurc is the mean of.
  std::vector<double> risks() const;

 private:
  struct Clip {
    int truth;
    int predicted;
    int bin;  // of its confidence
    double confidence;
    double log_loss;
    double brier;
  };

  template <class Visit>
  void for_each_risk(std::span<const std::int32_t> times, Visit&& visit) const;
  double aurc(std::span<const std::int32_t> times, std::int64_t total) const;
  Answered answered(std::span<const std::int32_t> times, std::int64_t total) const;

  std::vector<std::string> classes_;
  std::optional<double> threshold_;
  std::vector<Clip> clips_;
  std::vector<int> predicted_;
  std::vector<std::size_t> by_confidence_;  // clips, the surest first
};

// All metrics of the clips, each counted once.
Metrics compute_metrics(const ScoredClips& clips, std::optional<double> threshold = std::nullopt);

}  // namespace ser::eval
