#pragma once

#include <string>

#include "ser/core/config.h"

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
          "the beginning only, so that no output depends on a later input; valid: neither",
          core::OneOf{{"same", "causal", "valid"}});
    visit("bias", self.bias, "whether a number is added to each channel");
  }
};

}  // namespace ser::nn
