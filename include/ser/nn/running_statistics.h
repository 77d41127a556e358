#pragma once

#include "ser/nn/network.h"

namespace ser::nn {

// Moves those parameters of a network that follow the data (Layer::statistics()) around a step of
// an optimiser, which therefore needs not know of them.
class RunningStatistics {
 public:
  explicit RunningStatistics(const Network& network);

  // Before the step: takes over what the batch changes them by, which stands in their place in the
  // gradient, and leaves zeros there.
  void take(const Vector& parameters, Vector& gradient);
  // After the step: sets them, whatever the step has made of them; a variance that rounding has
  // taken below zero to zero.
  void put(Vector& parameters) const;

 private:
  std::vector<ParameterRange> ranges_;
  std::vector<ParameterRange> variances_;
  Vector values_;
};

}  // namespace ser::nn
