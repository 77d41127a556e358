#include "features/averaging.h"

#include <cmath>
#include <cstddef>
#include <numeric>

namespace ser::features {
namespace {

float sequential_sum(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0F);
}

float pairwise_sum(std::span<const float> values) {
  constexpr std::size_t kLanes = 8;
  constexpr std::size_t kBlock = 128;
  if (values.size() < kLanes) return sequential_sum(values);
  if (values.size() > kBlock) {
    const std::size_t half = values.size() / 2 / kLanes * kLanes;
    return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
  }
  float lanes[kLanes] = {};
  std::size_t next = 0;
  for (; next + kLanes <= values.size(); next += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[next + lane];
  }
  float sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
              ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (; next < values.size(); ++next) sum += values[next];
  return sum;
}

}  // namespace

double average(std::span<const float> values, Averaging averaging) {
  if (averaging != Averaging::kDouble) {
    const float sum =
        averaging == Averaging::kPairwise ? pairwise_sum(values) : sequential_sum(values);
    // a mean of finite values is finite, even if float cannot hold their sum
    if (std::isfinite(sum)) return sum / static_cast<float>(values.size());
  }
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace ser::features
