#include "dsp/self_correlation.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>

namespace ser::dsp {
namespace {

// What differs from its mean by less than rounding is constant.
constexpr double kLeastShare = 1e-12;

// Of samples without their mean; 0 if they are constant.
double energy_without_mean(double sum, double squares, double count) {
  const double energy = squares - sum * sum / count;
  return energy <= kLeastShare * squares ? 0.0 : energy;
}

}  // namespace

BestLag SelfCorrelation::best_lag(std::span<const float> samples, std::ptrdiff_t start, int window,
                                  int shortest, int longest) {
  const auto part = [&](std::ptrdiff_t begin, int size, std::vector<double>& memory) {
    const auto first = samples.begin() + begin;
    memory.assign(first, first + size);
    return Eigen::Map<Eigen::ArrayXd>(memory.data(), size);
  };
  const auto count = static_cast<double>(window);
  auto reference = part(start, window, reference_);
  const double energy = energy_without_mean(reference.sum(), reference.square().sum(), count);
  // The reference without its mean makes that of the other part vanish from the products.
  reference -= reference.mean();
  const auto later = part(start + shortest, window + longest - shortest, later_);
  double sum = later.head(window).sum();
  double squares = later.head(window).square().sum();
  correlations_.clear();
  for (Eigen::Index lag = 0; lag <= longest - shortest; ++lag) {
    if (lag > 0) {
      const double added = later[lag + window - 1];
      const double dropped = later[lag - 1];
      sum += added - dropped;
      squares += added * added - dropped * dropped;
    }
    const double energies = energy * energy_without_mean(sum, squares, count);
    const double product = (reference * later.segment(lag, window)).sum();
    correlations_.push_back(energies > 0.0 ? std::clamp(product / std::sqrt(energies), -1.0, 1.0)
                                           : 0.0);
  }
  const auto best = std::max_element(correlations_.begin(), correlations_.end());
  BestLag result{shortest + static_cast<double>(best - correlations_.begin()), *best};
  if (best == correlations_.begin() || best + 1 == correlations_.end()) return result;
  const double curvature = best[1] + best[-1] - 2.0 * best[0];
  const double slope = (best[1] - best[-1]) / 2.0;
  if (curvature >= 0.0) return result;
  const double shift = -slope / curvature;
  result.lag += shift;
  result.correlation = std::min(1.0, best[0] + slope * shift / 2.0);
  return result;
}

}  // namespace ser::dsp
