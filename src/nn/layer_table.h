#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ser/core/json.h"
#include "ser/nn/layer.h"

namespace ser::nn {

// What the toolkit knows of a kind of layer before there is one.
struct LayerType {
  std::string_view kind;
  // From the hyper-parameters (without the key "layer") at `path`.
  std::unique_ptr<Layer> (*make)(const core::Json& hyper_parameters, const std::string& path);
  // A JSON list of hyper-parameters that the contract tests try beside the defaults: every branch
  // of the layer should be met by one of them.
  std::string_view examples;
};

#define SER_LAYER(kind) LayerType kind##_layer();
#include "nn/layers.def"
#undef SER_LAYER

// In the order of layers.def.
using LayerTypeFunction = LayerType (*)();
std::span<const LayerTypeFunction> layer_types();

}  // namespace ser::nn
