#pragma once

#include "ser/nn/scalar.h"

namespace ser::nn {

// Filters of five taps, between how a convolution keeps them, W [outputs x 5 * inputs],
// column-major, and their transforms in panels as PanelProducts::multiply() takes them: [point]
// [block of 16 outputs][inputs, filled up to whole blocks][16 outputs].
struct FilterBank {
  Index inputs;
  Index outputs;
};

// The transforms of winograd_transforms.h for all filters. Channels that are missing in the last
// block are zeros on the side of the panels.
struct WinogradFilters {
  void (*transform)(const FilterBank& bank, const Scalar* weights, Scalar* panels);
  // By the derivative of the transforms, that of the weights. Sets it.
  void (*transform_derivative)(const FilterBank& bank, const Scalar* panels, Scalar* derivative);
};

}  // namespace ser::nn
