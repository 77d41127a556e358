#include "nn/windows.h"

#include <algorithm>
#include <string>

#include "ser/core/error.h"

namespace ser::nn {

Windows place_windows(Index time, Index size, Index stride, std::string_view padding) {
  Windows windows;
  if (padding == "same" || padding == "causal") {
    windows.count = (time + stride - 1) / stride;
    windows.extent = (windows.count - 1) * stride + size;
    windows.left = padding == "causal" ? size - 1 : std::max<Index>(windows.extent - time, 0) / 2;
  } else {
    if (time < size) {
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "a window of " + std::to_string(size) +
                                  " steps does not fit into an input of " + std::to_string(time) +
                                  "; use padding \"same\", a smaller window or a longer input");
    }
    windows.count = (time - size) / stride + 1;
    windows.extent = (windows.count - 1) * stride + size;
  }
  return windows;
}

}  // namespace ser::nn
