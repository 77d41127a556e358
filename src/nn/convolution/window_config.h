#pragma once

#include <string>
#include <vector>

#include "ser/core/config.h"

#include "nn/window_attributes.h"
#include "nn/windows.h"

namespace ser::nn {

// The hyper-parameters that convolutions have in common.
struct ConvolutionWindowConfig {
  int kernel = 5;
  int stride = 1;
  int dilation = 1;
  std::string padding = "same";
  bool bias = true;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("kernel", self.kernel, "steps of a window", core::Range{1, 4096});
    visit("stride", self.stride, "steps from window to window", core::Range{1, 4096});
    visit("dilation", self.dilation, "steps from one number of a window to the next",
          core::Range{1, 4096});
    visit("padding", self.padding,
          "whether windows may reach beyond the ends, where they see zeros: same: both; causal: "
          "the beginning only, so that no output depends on a later input but for rounding; valid: "
          "neither",
          core::OneOf{{"same", "causal", "valid"}});
    visit("bias", self.bias, "whether a number is added to each channel");
  }

  Windows windows(Index time) const {
    return place_windows(time, (kernel - 1) * Index{dilation} + 1, stride, padding);
  }

  // Those of the node that stands for the convolution in a graph.
  std::vector<GraphAttribute> graph_attributes(Index time, Index groups) const {
    auto attributes = window_attributes(windows(time), time, kernel, stride);
    attributes.push_back({"dilations", std::vector<std::int64_t>{dilation}});
    attributes.push_back({"group", groups});
    return attributes;
  }
};

}  // namespace ser::nn
