#pragma once

#include <vector>

#include "ser/nn/graph.h"

#include "nn/windows.h"

namespace ser::nn {

// Where the windows stand in an input of so many steps, as the nodes of a graph are told it.
inline std::vector<GraphAttribute> window_attributes(const Windows& windows, Index time, Index size,
                                                     Index stride) {
  using Numbers = std::vector<std::int64_t>;
  return {{"kernel_shape", Numbers{size}},
          {"strides", Numbers{stride}},
          {"pads", Numbers{windows.left, windows.right(time)}}};
}

}  // namespace ser::nn
