#include "nn/fusion.h"

#include <algorithm>

namespace ser::nn {
namespace {

bool begins_with(std::span<const std::shared_ptr<const Layer>> layers,
                 std::initializer_list<std::string_view> kinds) {
  return layers.size() >= kinds.size() &&
         std::equal(kinds.begin(), kinds.end(), layers.begin(),
                    [](std::string_view kind, const auto& layer) { return layer->kind() == kind; });
}

}  // namespace

Fused fuse_layers(std::span<const std::shared_ptr<const Layer>> layers, const Shape& input) {
  if (begins_with(layers, {"conv1d", "relu", "max_pool"})) {
    if (auto layer = single_channel_max_pool(*layers[0], *layers[2], input)) {
      return {std::move(layer), 3};
    }
  }
  if (begins_with(layers, {"relu", "max_pool"})) return {rectified_max_pool(*layers[1]), 2};
  return {};
}

}  // namespace ser::nn
