#include "ser/train/recipe.h"

#include "ser/core/error.h"
#include "ser/core/file.h"

#include "train/builtin_recipes.h"

namespace ser::train {
namespace {

constexpr std::uint64_t kLargestConfigFile = std::uint64_t{1} << 20;

}  // namespace

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const auto& recipe : builtin_recipes()) names.emplace_back(recipe.name);
  return names;
}

Recipe load_recipe(const std::string& name_or_path) {
  for (const auto& recipe : builtin_recipes()) {
    if (recipe.name == name_or_path) {
      return core::config_from_json<Recipe>(core::parse_json(recipe.json, recipe.name));
    }
  }
  if (name_or_path.find('/') == std::string::npos && !name_or_path.ends_with(".json")) {
    std::string list;
    for (const auto& name : recipe_names()) list += (list.empty() ? "" : ", ") + name;
    throw core::ConfigError("E_RECIPE", "there is no recipe \"" + name_or_path + "\"; there are " +
                                            list + ", and any JSON file by its path");
  }
  Recipe recipe;
  apply_config_file(recipe, name_or_path);
  return recipe;
}

void apply_config_file(Recipe& recipe, const std::string& path) {
  const std::string text = core::read_file(path, kLargestConfigFile);
  try {
    core::update_config(recipe, core::parse_json(text, path));
  } catch (const core::ConfigError& error) {
    const std::string message = error.what();
    if (message.starts_with(path)) throw;
    throw core::ConfigError(error.code(), path + ": " + message);
  }
}

}  // namespace ser::train
