#include "dsp/pitch_candidates.h"

#include <algorithm>
#include <cmath>

namespace ser::dsp {
namespace {

// Dips at short lags are preferred: Boltzmann's distribution over their ranks.
constexpr double kPreference = 2.0;
// Share of the thresholds below all dips that vote for the deepest one nevertheless.
constexpr double kNoDipShare = 0.01;

void find_dips(std::span<const double> differences, std::vector<PitchDip>& dips) {
  dips.clear();
  const std::size_t last = differences.size() - 1;
  if (differences[0] < differences[1]) dips.push_back({0});
  for (std::size_t i = 1; i < last; ++i) {
    if (differences[i] < differences[i - 1] && differences[i] <= differences[i + 1]) {
      dips.push_back({i});
    }
  }
  if (differences[last] < differences[last - 1]) dips.push_back({last});
}

// Where a parabola through the point and its neighbours has its extremum, relative to the point.
double parabolic_shift(std::span<const double> values, std::size_t index) {
  if (index == 0 || index + 1 == values.size()) return 0.0;
  const double curvature = values[index + 1] + values[index - 1] - 2.0 * values[index];
  const double slope = (values[index + 1] - values[index - 1]) / 2.0;
  return std::abs(slope) >= std::abs(curvature) ? 0.0 : -slope / curvature;
}

// Cumulative distribution function of Beta(2, 18).
double beta_cdf(double x) { return 1.0 - std::pow(1.0 - x, 19) - 19.0 * x * std::pow(1.0 - x, 18); }

}  // namespace

PitchCandidates::PitchCandidates(double sample_rate_hz, double lowest_hz, int bins,
                                 int shortest_lag)
    : sample_rate_hz_(sample_rate_hz),
      lowest_hz_(lowest_hz),
      bins_(bins),
      shortest_lag_(shortest_lag) {
  for (std::size_t i = 0; i < kThresholds; ++i) {
    threshold_prior_[i] = beta_cdf(static_cast<double>(i + 1) / kThresholds) -
                          beta_cdf(static_cast<double>(i) / kThresholds);
  }
}

void PitchCandidates::observe(std::span<const double> differences,
                              PitchObservation& observation) const {
  observation.candidates.clear();
  observation.voicing_probability = 0.0;
  auto& dips = observation.dips;
  find_dips(differences, dips);
  if (dips.empty()) return;

  const double decay = std::exp(-kPreference);
  for (std::size_t i = 0; i < kThresholds; ++i) {
    const double threshold = static_cast<double>(i + 1) / kThresholds;
    const auto below = [&](const PitchDip& dip) { return differences[dip.index] < threshold; };
    const auto count = std::count_if(dips.begin(), dips.end(), below);
    if (count == 0) continue;
    double weight = threshold_prior_[i] * (1.0 - decay) /
                    (1.0 - std::exp(-kPreference * static_cast<double>(count)));
    for (PitchDip& dip : dips) {
      if (!below(dip)) continue;
      dip.probability += weight;
      weight *= decay;
    }
  }
  const auto deepest =
      std::min_element(dips.begin(), dips.end(), [&](const PitchDip& a, const PitchDip& b) {
        return differences[a.index] < differences[b.index];
      });
  for (std::size_t i = 0; i < kThresholds; ++i) {
    if (differences[deepest->index] < static_cast<double>(i + 1) / kThresholds) break;
    deepest->probability += kNoDipShare * threshold_prior_[i];
  }

  for (const PitchDip& dip : dips) {
    if (dip.probability == 0.0) continue;
    const double lag =
        shortest_lag_ + static_cast<double>(dip.index) + parabolic_shift(differences, dip.index);
    const double bin =
        std::nearbyint(kPitchBinsPerOctave * std::log2(sample_rate_hz_ / lag / lowest_hz_));
    if (bin >= bins_) continue;
    const int whole = std::max(0, static_cast<int>(bin));
    // dips come in the order of falling pitch; of two that share a bin the later counts
    auto& candidates = observation.candidates;
    if (!candidates.empty() && candidates.back().bin == whole) candidates.pop_back();
    candidates.push_back({whole, dip.probability});
  }
  double sum = 0.0;
  for (const auto& candidate : observation.candidates) sum += candidate.probability;
  observation.voicing_probability = std::clamp(sum, 0.0, 1.0);
}

}  // namespace ser::dsp
