#include "eval/quantiles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ser::eval {
namespace {

// P(|T| <= t), by the finite sums of Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
double student_central(double t, int freedom) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(freedom)));
  const double cosine = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  double term = odd ? cosine : 1.0;
  double sum = freedom == 1 ? 0.0 : term;
  for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= cosine * cosine * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  sum *= std::sin(angle);
  return odd ? (angle + sum) * 2.0 / std::numbers::pi : sum;
}

// Where an increasing function reaches a value.
template <class Function>
double solve(double low, double high, double value, Function&& function) {
  for (int step = 0; step < 200; ++step) {
    const double middle = (low + high) / 2.0;
    (function(middle) < value ? low : high) = middle;
  }
  return high;
}

}  // namespace

double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2.0; }

double normal_quantile(double probability) { return solve(-40.0, 40.0, probability, normal_cdf); }

double student_quantile(double probability, int freedom) {
  constexpr int kAlmostNormal = 1000;
  if (freedom > kAlmostNormal) {
    // Abramowitz and Stegun, 26.7.5; what is left out is below 1e-8
    const double z = normal_quantile(probability);
    const double n = freedom;
    return z + (std::pow(z, 3) + z) / (4.0 * n) +
           (5.0 * std::pow(z, 5) + 16.0 * std::pow(z, 3) + 3.0 * z) / (96.0 * n * n);
  }
  return solve(0.0, 1e6, 2.0 * probability - 1.0,
               [&](double t) { return student_central(t, freedom); });
}

double quantile(const std::vector<double>& sorted, double probability) {
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

}  // namespace ser::eval
