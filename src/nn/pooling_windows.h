#pragma once

#include <algorithm>
#include <string>

#include "ser/core/config.h"
#include "ser/nn/tensor.h"

#include "nn/step_sums.h"
#include "nn/window_attributes.h"
#include "nn/windows.h"

namespace ser::nn {

// The hyper-parameters of a pooling over windows of time; `Kind` names the layer.
template <class Kind>
struct PoolConfig {
  static constexpr const char* kKind = Kind::kKind;
  int size = 2;
  int stride = 2;
  std::string padding = "same";

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("size", self.size, "steps of a window", core::Range{1, 4096});
    visit("stride", self.stride, "steps from window to window", core::Range{1, 4096});
    visit("padding", self.padding, "whether windows may reach beyond the ends",
          core::OneOf{{"same", "valid"}});
  }

  Windows windows(Index time) const { return place_windows(time, size, stride, padding); }

  // Those of the node that stands for the pooling in a graph.
  std::vector<GraphAttribute> graph_attributes(Index time) const {
    return window_attributes(windows(time), time, size, stride);
  }
};

// Sixteen channels, or what is left of them, of one window: where their first step stands in the
// example, and their place in the output. There is at least one step, since padding is shorter than
// a window.
struct PoolingWindow {
  Index input;
  Index output;
  Index steps;
  Index stride;
  Index channels;

  StepColumn steps_of(const ConstBlock& x, Index example) const {
    return {x.col(example).data() + input, stride, steps, channels};
  }
};

// Calls body(window) for all windows of an input of this shape.
template <class Config, class Body>
void for_pooling_windows(const Config& config, const Shape& shape, const Body& body) {
  const Windows placed = config.windows(shape.time);
  for (Index step = 0; step < placed.count; ++step) {
    const Index begin = step * config.stride - placed.left;
    const Index first = std::max<Index>(begin, 0);
    const Index last = std::min<Index>(begin + config.size, shape.time);
    for_channel_blocks(shape.channels, [&](Index channel, Index count) {
      body(PoolingWindow{first * shape.channels + channel, step * shape.channels + channel,
                         last - first, shape.channels, count});
    });
  }
}

}  // namespace ser::nn
