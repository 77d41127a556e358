#pragma once

#include <span>
#include <string_view>

namespace ser::train {

struct BuiltinRecipe {
  std::string_view name;
  std::string_view json;
};

// The files of models/recipes, made into code by cmake/embed_recipes.cmake; sorted by name.
std::span<const BuiltinRecipe> builtin_recipes();

}  // namespace ser::train
