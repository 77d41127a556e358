#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ser/nn/tensor.h"

namespace ser::train {

// Exponential moving average of the parameters (Polyak and Juditsky, 1992): it smooths out the
// noise of the last steps. Early on it follows closely, so that it does not remember the initial
// values.
class ParameterAverage {
 public:
  ParameterAverage(double decay, const nn::Vector& parameters) : decay_(decay) {
    if (decay_ > 0.0) average_ = parameters;
  }

  void update(const nn::Vector& parameters) {
    if (decay_ == 0.0) return;
    ++steps_;
    const double keep =
        std::min(decay_, static_cast<double>(1 + steps_) / static_cast<double>(10 + steps_));
    average_ += static_cast<nn::Scalar>(1.0 - keep) * (parameters - average_);
  }

  const nn::Vector& value(const nn::Vector& parameters) const {
    return decay_ == 0.0 ? parameters : average_;
  }

  // What it goes on from: how many steps it has seen, and their average (empty: there is none).
  std::int64_t steps() const { return steps_; }
  const nn::Vector& average() const { return average_; }
  void restore(std::int64_t steps, nn::Vector average) {
    steps_ = steps;
    average_ = std::move(average);
  }

 private:
  double decay_;
  std::int64_t steps_ = 0;
  nn::Vector average_;
};

}  // namespace ser::train
