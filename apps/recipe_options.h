#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ser/train/recipe.h"

namespace ser::apps {

// The parts between commas that are not empty.
std::vector<std::string> split_list(const std::string& text);

// --recipe, --config, a short option for what is asked for most, and one option for each field of a
// recipe under its path (--features.mel_bands 64), made from the fields' own descriptions. Programs
// that use a part of a recipe only offer the fields of its `sections`.
class RecipeOptions {
 public:
  explicit RecipeOptions(CLI::App& app, const std::vector<std::string>& sections = {});

  // Built-in defaults < recipe < --config < options. Throws ConfigError.
  train::Recipe effective() const { return effective(recipe_); }
  // The same with another recipe than --recipe names.
  train::Recipe effective(const std::string& name) const;

 private:
  void add_field(CLI::App& app, const std::string& flags, const std::string& path,
                 const std::string& help, const std::string& group);

  std::string recipe_{train::kDefaultRecipe};
  std::string config_;
  // Path of the field -> text of the option. std::map, since options keep references to the values.
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> types_;
};

}  // namespace ser::apps
