#include "ser/dsp/window.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace ser::dsp {

std::vector<double> hann_window(int length) {
  std::vector<double> window(static_cast<std::size_t>(length));
  const double step = 2.0 * std::numbers::pi / length;
  for (int i = 0; i < length; ++i) {
    window[static_cast<std::size_t>(i)] = 0.5 + 0.5 * std::cos(-std::numbers::pi + i * step);
  }
  return window;
}

}  // namespace ser::dsp
