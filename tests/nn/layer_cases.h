#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ser/core/error.h"
#include "ser/core/json.h"

#include "nn/layer_table.h"

namespace ser::nn::test {

// A layer and an input that it takes.
struct LayerCase {
  std::string name;
  core::Json json;
  Shape input;
};

// Every kind in layers.def, with its defaults and its examples, on every shape that fits.
inline std::vector<LayerCase> layer_cases() {
  const std::vector<Shape> shapes = {{1, 1}, {1, 13}, {2, 3}, {3, 8}, {5, 17}, {12, 1}, {70, 9}};
  std::vector<LayerCase> cases;
  for (const auto type_function : layer_types()) {
    const LayerType type = type_function();
    core::Json variants = core::parse_json(type.examples, type.kind);
    variants.push_back(core::Json::object());
    for (core::Json& json : variants) {
      json["layer"] = type.kind;
      for (const Shape& shape : shapes) {
        try {
          make_layer(json)->output_shape(shape);
        } catch (const core::ConfigError& error) {
          if (error.code() == "E_NETWORK_SHAPE") continue;
          throw;
        }
        cases.push_back({json.dump() + " on " + std::to_string(shape.channels) + " x " +
                             std::to_string(shape.time),
                         json, shape});
      }
    }
  }
  return cases;
}

}  // namespace ser::nn::test
