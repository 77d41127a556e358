#include "features/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ser::features {
namespace {

double mean(const Series& series) { return average(series.values, series.averaging); }

double deviation(const Series& series) { return standard_deviation(series.values); }

double minimum(const Series& series) {
  return *std::min_element(series.values.begin(), series.values.end());
}

double maximum(const Series& series) {
  return *std::max_element(series.values.begin(), series.values.end());
}

template <int kPercent>
double percentile_of(const Series& series) {
  return percentile(series.sorted, kPercent);
}

// Mean of the absolute differences from one frame to the next; 0 for a single frame.
double delta_mean(const Series& series) {
  if (series.values.size() < 2) return 0.0;
  double sum = 0.0;
  for (std::size_t i = 1; i < series.values.size(); ++i) {
    sum += std::abs(static_cast<double>(series.values[i]) - series.values[i - 1]);
  }
  return sum / static_cast<double>(series.values.size() - 1);
}

// Standard deviation (of the population) of the differences from one frame to the next; 0 for a
// single frame.
double delta_standard_deviation(const Series& series) {
  if (series.values.size() < 2) return 0.0;
  const auto count = static_cast<double>(series.values.size() - 1);
  const double centre =
      (static_cast<double>(series.values.back()) - static_cast<double>(series.values.front())) /
      count;
  double sum = 0.0;
  for (std::size_t i = 1; i < series.values.size(); ++i) {
    const double deviation = static_cast<double>(series.values[i]) - series.values[i - 1] - centre;
    sum += deviation * deviation;
  }
  return std::sqrt(sum / count);
}

constexpr Statistic kStatistics[] = {
    {"mean", Needs::kValues, &mean},
    {"std", Needs::kValues, &deviation},
    {"min", Needs::kValues, &minimum},
    {"max", Needs::kValues, &maximum},
    {"p10", Needs::kSorted, &percentile_of<10>},
    {"p25", Needs::kSorted, &percentile_of<25>},
    {"p50", Needs::kSorted, &percentile_of<50>},
    {"p75", Needs::kSorted, &percentile_of<75>},
    {"p90", Needs::kSorted, &percentile_of<90>},
    {"delta_mean", Needs::kValues, &delta_mean},
    {"delta_std", Needs::kValues, &delta_standard_deviation},
};

}  // namespace

double standard_deviation(std::span<const float> values) {
  const double centre = average(values, Averaging::kDouble);
  double sum = 0.0;
  for (const float value : values) {
    const double difference = static_cast<double>(value) - centre;
    sum += difference * difference;
  }
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double percentile(std::span<const float> sorted, double percent) {
  const double position = percent / 100.0 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = position - static_cast<double>(below);
  const double low = sorted[below];
  const double high = sorted[above];
  return low + weight * (high - low);
}

const Statistic* find_statistic(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kStatistics), std::end(kStatistics),
                   [name](const Statistic& statistic) { return statistic.name == name; });
  return found == std::end(kStatistics) ? nullptr : found;
}

std::span<const Statistic> statistics() { return kStatistics; }

}  // namespace ser::features
