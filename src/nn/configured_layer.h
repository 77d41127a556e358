#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ser/core/config.h"
#include "ser/nn/layer.h"

#include "nn/layer_table.h"

namespace ser::nn {

// A layer whose hyper-parameters are a configuration struct with a constant `kKind`.
template <class Config>
class ConfiguredLayer : public Layer {
 public:
  using ConfigType = Config;

  explicit ConfiguredLayer(Config config) : config_(std::move(config)) {}

  std::string_view kind() const override { return Config::kKind; }

  core::Json to_json() const override {
    core::Json json = {{"layer", Config::kKind}};
    const core::Json hyper_parameters = core::config_to_json(config_);
    for (const auto& [key, value] : hyper_parameters.items()) json[key] = value;
    return json;
  }

 protected:
  const Config& config() const { return config_; }

 private:
  Config config_;
};

template <class LayerClass>
LayerType configured_layer_type(std::string_view examples) {
  using Config = typename LayerClass::ConfigType;
  return {Config::kKind,
          [](const core::Json& hyper_parameters, const std::string& path) {
            return std::unique_ptr<Layer>(std::make_unique<LayerClass>(
                core::config_from_json<Config>(hyper_parameters, path)));
          },
          examples};
}

}  // namespace ser::nn
