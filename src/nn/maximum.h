#pragma once

#include "nn/pooling_windows.h"
#include "nn/step_sums.h"

namespace ser::nn {

struct MaxPoolKind {
  static constexpr const char* kKind = "max_pool";
};
using MaxPoolConfig = PoolConfig<MaxPoolKind>;

// The largest number of each channel. NaN wins over everything.
inline ChannelBlock maximum_of_steps(const StepColumn& x) {
  ChannelBlock largest = x.at(0);
  for (Index step = 1; step < x.steps; ++step) {
    const ChannelBlock candidate = x.at(step);
    for (int i = 0; i < ChannelBlock::kParts; ++i) {
      const Lanes& value = candidate.parts[i];
      const auto is_nan = value != value;  // NOLINT(misc-redundant-expression)
      largest.parts[i] = ((value > largest.parts[i]) | is_nan) ? value : largest.parts[i];
    }
  }
  return largest;
}

// What is below the floor becomes the floor.
inline ChannelBlock at_least(Scalar floor, ChannelBlock numbers) {
  for (auto& value : numbers.parts) value = value < floor ? Lanes{} + floor : value;
  return numbers;
}

// Adds the derivative of the largest numbers to that of the first step which has them, where they
// are above `floor`; dx is the place of the first step. The winner is found again rather than
// remembered: that costs less than storing it.
inline void add_maximum_derivative(const StepColumn& x, const ChannelBlock& largest,
                                   const ChannelBlock& derivative, Scalar floor, Scalar* dx) {
  using Mask = decltype(Lanes{} < Lanes{});
  Mask pending[ChannelBlock::kParts];  // NOLINT: as in ChannelBlock
  for (int i = 0; i < ChannelBlock::kParts; ++i) pending[i] = largest.parts[i] > floor;
  for (Index step = 0; step < x.steps; ++step, dx += x.stride) {
    const ChannelBlock value = x.at(step);
    ChannelBlock sum = ChannelBlock::load(dx, x.count);
    for (int i = 0; i < ChannelBlock::kParts; ++i) {
      const Mask wins = (value.parts[i] == largest.parts[i]) & pending[i];
      sum.parts[i] += wins ? derivative.parts[i] : Lanes{};
      pending[i] &= ~wins;
    }
    sum.store(dx, x.count);
  }
}

}  // namespace ser::nn
