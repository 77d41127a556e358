#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace ser::dsp {

// Steps of the pitch scale.
inline constexpr int kPitchBinsPerOctave = 120;

struct PitchCandidate {
  int bin = 0;  // tenths of a semitone above the lowest pitch
  double probability = 0.0;
};

// A minimum of YIN's difference function.
struct PitchDip {
  std::size_t index = 0;
  double probability = 0.0;
};

// What one frame says about its pitch. One serves for one frame after the other, to keep its
// memory.
struct PitchObservation {
  std::vector<PitchDip> dips;
  std::vector<PitchCandidate> candidates;  // each bin once
  double voicing_probability = 0.0;
};

// From YIN's difference function to candidates with probabilities, as pYIN does (Mauch and Dixon,
// 2014, in the form of the authors' program): a dip of the function gets the share of thresholds
// that would choose it.
class PitchCandidates {
 public:
  PitchCandidates(double sample_rate_hz, double lowest_hz, int bins, int shortest_lag);

  // `differences`: from the shortest lag on, at least 3 of them.
  void observe(std::span<const double> differences, PitchObservation& observation) const;

 private:
  static constexpr std::size_t kThresholds = 100;

  double sample_rate_hz_;
  double lowest_hz_;
  int bins_;
  int shortest_lag_;
  // Probability that the threshold lies in [i, i + 1] / kThresholds.
  std::array<double, kThresholds> threshold_prior_;
};

}  // namespace ser::dsp
