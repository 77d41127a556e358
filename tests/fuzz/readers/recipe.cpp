#include "ser/train/recipe.h"

#include <optional>

#include "ser/augment/plan.h"
#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/nn/network.h"
#include "ser/train/search_space.h"

#include "fuzz/readers.h"
#include "train/members.h"

namespace ser::fuzz {
namespace {

using core::Json;

// A step or member that reads what a path of its own names; the others stay within the text.
bool names_files(const Json& json) {
  if (!json.is_structured()) return false;
  for (const auto& [key, value] : json.items()) {
    if (json.is_object() &&
        (key.starts_with("recorded_") || (key == "recipe" && value.is_string()))) {
      return true;
    }
    if (names_files(value)) return true;
  }
  return false;
}

void read_whole(const Json& json) {
  train::Recipe recipe;
  core::update_config(recipe, json);
  const Json written = core::config_to_json(recipe);
  require(core::config_to_json(core::config_from_json<train::Recipe>(written)) == written,
          "what was read and written is not read alike");
  if (names_files(recipe.augment) || names_files(recipe.renew) || names_files(recipe.members)) {
    return;
  }
  const augment::AugmentationPlan plan(recipe.augment);
  require(augment::AugmentationPlan(plan.to_json()).copies() == plan.copies(),
          "a plan that was written has other copies");
  augment::AugmentationPlan(Json::array({recipe.renew}), "renew");
  if (!recipe.members.empty()) {
    train::members_of(recipe);
  } else if (!recipe.network.empty()) {
    const nn::Network network(recipe.network, {4, 50});
    require(network.num_parameters() >= 0 && network.num_parameters() <= nn::Index{1} << 28,
            "more parameters than are allowed");
  }
}

void read_space(const Json& json) {
  static const train::Recipe kBase = train::load_recipe("classic");
  const train::SearchSpace space(json, kBase);
  const auto values = space.draw(core::RandomStream(1));
  require(values.size() == json.size(), "a value was not drawn");
  space.with(values);
}

}  // namespace

// The first byte: S for a search space, anything else for a recipe.
bool read_recipe(Bytes bytes) {
  if (bytes.empty()) return false;
  try {
    const Json json = core::parse_json(text_of(bytes.subspan(1)), "input");
    if (bytes.front() == 'S') {
      if (!names_files(json)) read_space(json);
    } else {
      read_whole(json);
    }
    return true;
  } catch (const core::ConfigError&) {
    return false;
  }
}

}  // namespace ser::fuzz
