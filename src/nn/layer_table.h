#pragma once

#include <span>

#include "ser/core/configured_part.h"
#include "ser/nn/layer.h"

namespace ser::nn {

// Every branch of a layer should be met by one of its kind's examples. The key "layer" does not
// count as a hyper-parameter.
using LayerType = core::PartType<Layer>;
using LayerTypeFunction = core::PartTypeFunction<Layer>;

#define SER_LAYER(kind) LayerType kind##_layer();
#include "nn/layers.def"
#undef SER_LAYER

// In the order of layers.def.
std::span<const LayerTypeFunction> layer_types();

}  // namespace ser::nn
