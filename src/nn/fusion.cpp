#include "nn/fusion.h"

namespace ser::nn {

std::unique_ptr<Layer> fuse_layers(const Layer& first, const Layer& second) {
  if (first.kind() == "relu" && second.kind() == "max_pool") return rectified_max_pool(second);
  return nullptr;
}

}  // namespace ser::nn
