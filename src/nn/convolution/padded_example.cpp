#include "nn/convolution/padded_example.h"

#include <algorithm>

namespace ser::nn {

const Scalar* pad_example(const Shape& input, const Windows& windows, const Scalar* x,
                          Scalar* buffer) {
  if (windows.within(input.time)) return x;
  const Index before = windows.left * input.channels;
  const Index inside = std::min(input.time, windows.extent - windows.left) * input.channels;
  const Index all = windows.extent * input.channels;
  std::fill_n(buffer, before, Scalar{0});
  std::copy_n(x, inside, buffer + before);
  std::fill_n(buffer + before + inside, all - before - inside, Scalar{0});
  return buffer;
}

}  // namespace ser::nn
