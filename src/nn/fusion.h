#pragma once

#include <memory>

#include "ser/nn/layer.h"

namespace ser::nn {

// One layer that does what `first` and then `second` do, or nothing where there is none. Its values
// and gradients are the same numbers; it saves the activation between the two.
std::unique_ptr<Layer> fuse_layers(const Layer& first, const Layer& second);

// A rectifier followed by `max_pool`, a layer of that kind.
std::unique_ptr<Layer> rectified_max_pool(const Layer& max_pool);

}  // namespace ser::nn
