#include "ser/dsp/delta.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"

namespace ser::dsp {
namespace {

constexpr std::size_t kDeltaWidth = 9;

// What `width` values are weighted with to give the derivative of the polynomial nearest to them. A
// polynomial of order n has the same n-th derivative everywhere.
std::vector<double> derivative_weights(std::size_t width, int order) {
  std::vector<double> weights(width);
  double mean_square = 0.0;
  for (std::size_t i = 0; i < width; ++i) {
    weights[i] = static_cast<double>(i) - static_cast<double>(width - 1) / 2.0;
    mean_square += weights[i] * weights[i] / static_cast<double>(width);
  }
  if (order == 2) {
    for (double& weight : weights) weight = weight * weight - mean_square;
  }
  double norm = 0.0;
  for (const double weight : weights) norm += weight * weight;
  for (double& weight : weights) weight *= order / norm;
  return weights;
}

}  // namespace

std::vector<float> delta(std::span<const float> values, int order) {
  if (order != 1 && order != 2) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "a delta is of order 1 or 2, not " + std::to_string(order));
  }
  std::vector<float> result(values.size(), 0.0F);
  if (values.size() <= static_cast<std::size_t>(order)) return result;
  const std::size_t width = std::min(kDeltaWidth, values.size());
  const std::vector<double> weights = derivative_weights(width, order);
  const std::size_t half = width / 2;
  const std::size_t last = values.size() - width;
  for (std::size_t start = 0; start <= last; ++start) {
    double sum = 0.0;
    for (std::size_t i = 0; i < width; ++i) sum += weights[i] * values[start + i];
    result[start + half] = saturate_to_float(sum);
  }
  std::fill(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(half), result[half]);
  std::fill(result.begin() + static_cast<std::ptrdiff_t>(last + half), result.end(),
            result[last + half]);
  return result;
}

}  // namespace ser::dsp
