#include "ser/nn/running_statistics.h"

namespace ser::nn {

RunningStatistics::RunningStatistics(const Network& network) : ranges_(network.statistics()) {
  Index size = 0;
  for (const ParameterRange& range : ranges_) size += range.size;
  values_.resize(size);
}

void RunningStatistics::take(const Vector& parameters, Vector& gradient) {
  Index place = 0;
  for (const ParameterRange& range : ranges_) {
    auto change = gradient.segment(range.begin, range.size);
    values_.segment(place, range.size) = parameters.segment(range.begin, range.size) + change;
    change.setZero();
    place += range.size;
  }
}

void RunningStatistics::put(Vector& parameters) const {
  Index place = 0;
  for (const ParameterRange& range : ranges_) {
    parameters.segment(range.begin, range.size) = values_.segment(place, range.size);
    place += range.size;
  }
}

}  // namespace ser::nn
