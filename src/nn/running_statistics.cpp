#include "ser/nn/running_statistics.h"

namespace ser::nn {

RunningStatistics::RunningStatistics(const Network& network)
    : ranges_(network.statistics()), variances_(network.variances()) {
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
  for (const ParameterRange& range : variances_) {
    auto variances = parameters.segment(range.begin, range.size).array();
    variances = (variances < 0).select(Scalar{0}, variances);
  }
}

}  // namespace ser::nn
