#pragma once

#include <span>
#include <string_view>

#include "features/averaging.h"

namespace ser::features {

// One row of a feature matrix: its values in the order of time and, where a statistic asks for
// them, in the order of size. Never empty.
struct Series {
  std::span<const float> values;
  std::span<const float> sorted;
  Averaging averaging = Averaging::kDouble;
};

enum class Needs { kValues, kSorted };

struct Statistic {
  std::string_view name;
  Needs needs;
  double (*compute)(const Series& series);
};

// Of the population: divided by the number of values, at least one.
double standard_deviation(std::span<const float> values);

// Linear interpolation between the two nearest ranks (definition 7 of Hyndman and Fan, 1996), for
// at least one value, in the order of size.
double percentile(std::span<const float> sorted, double percent);

// Null if there is none of that name.
const Statistic* find_statistic(std::string_view name);

std::span<const Statistic> statistics();

}  // namespace ser::features
