#include "dsp/self_correlation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Core>

namespace ser::dsp {
namespace {

// What differs from its mean by less than rounding is constant.
constexpr double kLeastShare = 1e-12;

using Samples = Eigen::Map<const Eigen::ArrayXf>;

struct Centred {
  Eigen::ArrayXd values;
  double energy = 0.0;

  Centred(std::span<const float> samples, std::ptrdiff_t start, int window)
      : values(Samples(samples.data() + start, window).cast<double>()) {
    const double total = values.square().sum();
    values -= values.mean();
    energy = values.square().sum();
    if (energy <= kLeastShare * total) energy = 0.0;
  }
};

// The reference is without its mean already, so that of the other need not be taken from the
// products.
double correlation(const Centred& reference, std::span<const float> samples, std::ptrdiff_t start) {
  const auto window = reference.values.size();
  const Samples other(samples.data() + start, window);
  const double mean = other.cast<double>().mean();
  const double total = other.cast<double>().square().sum();
  const double energy = total - mean * mean * static_cast<double>(window);
  if (reference.energy == 0.0 || energy <= kLeastShare * total) return 0.0;
  const double product = (reference.values * other.cast<double>()).sum();
  return std::clamp(product / std::sqrt(reference.energy * energy), -1.0, 1.0);
}

}  // namespace

double self_correlation(std::span<const float> samples, std::ptrdiff_t start, int window, int lag) {
  return correlation(Centred(samples, start, window), samples, start + lag);
}

BestLag best_lag(std::span<const float> samples, std::ptrdiff_t start, int window, int shortest,
                 int longest) {
  const Centred reference(samples, start, window);
  std::vector<double> correlations;
  for (int lag = shortest; lag <= longest; ++lag) {
    correlations.push_back(correlation(reference, samples, start + lag));
  }
  const auto best = std::max_element(correlations.begin(), correlations.end());
  BestLag result{shortest + static_cast<double>(best - correlations.begin()), *best};
  if (best == correlations.begin() || best + 1 == correlations.end()) return result;
  const double curvature = best[1] + best[-1] - 2.0 * best[0];
  const double slope = (best[1] - best[-1]) / 2.0;
  if (curvature >= 0.0) return result;
  const double shift = -slope / curvature;
  result.lag += shift;
  result.correlation = std::min(1.0, best[0] + slope * shift / 2.0);
  return result;
}

}  // namespace ser::dsp
