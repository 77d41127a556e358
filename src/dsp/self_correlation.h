#pragma once

#include <cstddef>
#include <span>

namespace ser::dsp {

// A stretch of samples and how alike it is to what lies `lag` later.
struct BestLag {
  double lag = 0.0;          // in samples, interpolated by a parabola
  double correlation = 0.0;  // normalised, in [-1, 1]
};

// Correlation of samples [start, start + window) with those `lag` later, both without their means
// and scaled to length 1; 0 if either is constant. All of them must lie within `samples`.
double self_correlation(std::span<const float> samples, std::ptrdiff_t start, int window, int lag);

// The best of the lags from `shortest` to `longest` (at least one, all within the samples).
BestLag best_lag(std::span<const float> samples, std::ptrdiff_t start, int window, int shortest,
                 int longest);

}  // namespace ser::dsp
