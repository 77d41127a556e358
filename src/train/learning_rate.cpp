#include "ser/train/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ser::train {

double cosine_learning_rate(double start, double minimum, std::int64_t step, double warm_up_steps,
                            std::int64_t steps) {
  const auto at = static_cast<double>(step);
  if (at < warm_up_steps) return start * std::min(1.0, (at + 1.0) / warm_up_steps);
  const double fall = static_cast<double>(steps) - warm_up_steps;
  const double way = (at - warm_up_steps) / fall;
  return minimum + (start - minimum) * 0.5 * (1.0 + std::cos(std::numbers::pi * way));
}

}  // namespace ser::train
