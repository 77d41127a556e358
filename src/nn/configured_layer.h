#pragma once

#include "ser/core/configured_part.h"
#include "ser/nn/layer.h"

#include "nn/layer_table.h"

namespace ser::nn {

// A layer whose hyper-parameters are a configuration struct with a constant `kKind`.
template <class Config>
class ConfiguredLayer : public core::ConfiguredPart<Layer, Config> {
 public:
  using core::ConfiguredPart<Layer, Config>::ConfiguredPart;

 protected:
  using core::ConfiguredPart<Layer, Config>::config;
};

}  // namespace ser::nn
