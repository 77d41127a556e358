#include "nn/layer_table.h"

#include <vector>

#include "ser/core/config.h"
#include "ser/core/error.h"

namespace ser::nn {
namespace {

constexpr LayerTypeFunction kLayerTypes[] = {
#define SER_LAYER(kind) &kind##_layer,
#include "nn/layers.def"
#undef SER_LAYER
};

std::string list_of_kinds() {
  std::string list;
  for (const auto& kind : layer_kinds()) list += (list.empty() ? "" : ", ") + kind;
  return list;
}

}  // namespace

std::span<const LayerTypeFunction> layer_types() { return kLayerTypes; }

std::vector<std::string> layer_kinds() { return core::part_kinds(layer_types()); }

std::unique_ptr<Layer> make_layer(const core::Json& json, const std::string& path) {
  if (!json.is_object()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            path + ": expected an object such as {\"layer\": \"relu\"}, found " +
                                core::config_detail::excerpt(json));
  }
  const auto found = json.find("layer");
  if (found == json.end() || !found->is_string()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            path + ".layer: expected the kind of layer, one of " + list_of_kinds());
  }
  const auto& kind = found->get_ref<const std::string&>();
  if (const auto type = core::find_part_type(layer_types(), kind)) {
    core::Json hyper_parameters = json;
    hyper_parameters.erase("layer");
    return type->make(hyper_parameters, path);
  }
  throw core::ConfigError("E_CONFIG_VALUE", path + ".layer: must be one of " + list_of_kinds() +
                                                "; found " + core::config_detail::excerpt(*found));
}

core::Json Layer::to_json() const {
  core::Json json = {{"layer", kind()}};
  const core::Json hyper_parameters = configuration();
  for (const auto& [key, value] : hyper_parameters.items()) json[key] = value;
  return json;
}

bool Layer::is_identity(Mode /*mode*/) const { return false; }

bool Layer::examples_are_independent(Mode /*mode*/) const { return true; }

std::vector<ParameterRange> Layer::statistics(const Shape& /*input*/) const { return {}; }

std::vector<ParameterRange> Layer::variances(const Shape& /*input*/) const { return {}; }

Index Layer::num_parameters(const Shape& /*input*/) const { return 0; }

Index Layer::scratch_size(const Shape& /*input*/, Index /*examples*/) const { return 0; }

void Layer::initialize(const Shape& /*input*/, Parameters /*parameters*/,
                       core::RandomStream /*random*/) const {}

Index Layer::prepared_size(const Shape& /*input*/, Mode /*mode*/) const { return 0; }

void Layer::prepare(const Shape& /*input*/, ConstParameters /*parameters*/, Mode /*mode*/,
                    std::span<Scalar> /*prepared*/) const {}

std::optional<AffineMap> Layer::as_affine_map(const Shape& /*input*/,
                                              ConstParameters /*parameters*/) const {
  return std::nullopt;
}

std::optional<ParametrizedLayer> Layer::followed_by(const Shape& /*input*/,
                                                    ConstParameters /*parameters*/,
                                                    const AffineMap& /*map*/) const {
  return std::nullopt;
}

std::optional<ParametrizedLayer> Layer::preceded_by(const Shape& /*input*/,
                                                    ConstParameters /*parameters*/,
                                                    const AffineMap& /*map*/) const {
  return std::nullopt;
}

std::optional<ParametrizedLayer> Layer::folded_inside(const Shape& /*input*/,
                                                      ConstParameters /*parameters*/) const {
  return std::nullopt;
}

}  // namespace ser::nn
