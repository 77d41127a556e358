#pragma once

#include "nn/channel_block.h"

namespace ser::nn {

// Sixteen channels of one example over its steps: `from` is their place in the first of `steps`
// steps, `stride` the number of all channels, `count` how many of the sixteen there are.
struct StepColumn {
  const Scalar* from;
  Index stride;
  Index steps;
  Index count;

  ChannelBlock at(Index step) const { return ChannelBlock::load(from + step * stride, count); }
};

inline StepColumn step_column(const ConstBlock& x, Index example, const Shape& shape, Index channel,
                              Index count) {
  return {x.col(example).data() + channel, shape.channels, shape.time, count};
}

// The sum over the steps of body(step).
template <class Body>
ChannelBlock sum_over_steps(Index steps, const Body& body) {
  ChannelBlock sum = ChannelBlock::zero();
  for (Index step = 0; step < steps; ++step) sum = sum + body(step);
  return sum;
}

inline ChannelBlock sum_of_steps(const StepColumn& x) {
  return sum_over_steps(x.steps, [&](Index step) { return x.at(step); });
}

inline ChannelBlock mean_of_steps(const StepColumn& x) {
  return Scalar{1} / static_cast<Scalar>(x.steps) * sum_of_steps(x);
}

// Adds to each step its share of the derivative of the mean; dx is the place of the first.
inline void add_mean_derivative(const StepColumn& x, const ChannelBlock& derivative, Scalar* dx) {
  const ChannelBlock share = Scalar{1} / static_cast<Scalar>(x.steps) * derivative;
  for (Index step = 0; step < x.steps; ++step, dx += x.stride) add_to(dx, x.count, share);
}

// The sum of (x - center)^2.
inline ChannelBlock squared_deviations(const StepColumn& x, const ChannelBlock& center) {
  return sum_over_steps(x.steps, [&](Index step) {
    const ChannelBlock deviation = x.at(step) - center;
    return deviation * deviation;
  });
}

}  // namespace ser::nn
