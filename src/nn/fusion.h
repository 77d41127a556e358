#pragma once

#include <memory>
#include <span>

#include "ser/nn/layer.h"

namespace ser::nn {

// A layer that does what several do. Its values and the gradients of its parameters are the same
// numbers, that of its input up to the order of a sum; it saves the activations between them.
struct Fused {
  std::unique_ptr<Layer> layer;
  std::size_t count = 0;  // of the layers that it stands for; 0: there is none
};

// For as many layers from the first as can be; the first takes `input`.
Fused fuse_layers(std::span<const std::shared_ptr<const Layer>> layers, const Shape& input);

// A rectifier followed by `max_pool`, a layer of that kind.
std::unique_ptr<Layer> rectified_max_pool(const Layer& max_pool);

// `conv1d`, a layer of that kind, followed by a rectifier and `max_pool`; nothing unless it has a
// single channel as its input and suits single_channel.h.
std::unique_ptr<Layer> single_channel_max_pool(const Layer& conv1d, const Layer& max_pool,
                                               const Shape& input);

}  // namespace ser::nn
