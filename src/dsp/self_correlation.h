#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ser::dsp {

// The lag after which a signal is most like itself.
struct BestLag {
  double lag = 0.0;          // in samples, interpolated by a parabola
  double correlation = 0.0;  // normalised, in [-1, 1]
};

// Compares parts of a signal with later ones. Keeps its memory from one part to the next.
class SelfCorrelation {
 public:
  // Of the lags from `shortest` to `longest` (at least one): compares samples [start, start +
  // window) with those a lag later, both without their means and scaled to length 1 (a constant
  // part correlates with nothing). All of them must lie within `samples`.
  BestLag best_lag(std::span<const float> samples, std::ptrdiff_t start, int window, int shortest,
                   int longest);

 private:
  std::vector<double> reference_;
  std::vector<double> later_;
  std::vector<double> correlations_;
};

}  // namespace ser::dsp
