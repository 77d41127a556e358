#pragma once

#include <vector>

namespace ser::eval {

// Standard normal distribution, and its quantile for a probability in (0, 1).
double normal_cdf(double x);
double normal_quantile(double probability);

// Quantile of Student's t distribution with `freedom` >= 1 degrees of freedom, for a probability in
// [0.5, 1).
double student_quantile(double probability, int freedom);

// Of sorted values, at least one, with linear interpolation (Hyndman and Fan, 1996, type 7).
double quantile(const std::vector<double>& sorted, double probability);

}  // namespace ser::eval
