#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ser/train/cross_validation.h"

namespace ser::train {

struct NamedRecipe {
  std::string name;  // as it was asked for: a file's recipe may have any name
  Recipe recipe;
};

struct ComparedRecipe {
  std::string name;
  CrossValidationReport report;
};

// Told how far the comparison is: first which recipe, then how it goes.
class ComparisonObserver : public CrossValidationObserver {
 public:
  virtual void on_recipe(const std::string&, [[maybe_unused]] std::size_t done,
                         [[maybe_unused]] std::size_t total) {}
};

// Cross-validates several recipes on the same folds, in the order given: seed, corpus, split and
// leaks, which decide who trains and who is tested, are those of the first for all of them. All
// recipes are checked before any sound is read. Throws what cross_validate() throws with the
// recipe's name in the message, and ConfigError (E_CONFIG_VALUE) for fewer than two recipes or a
// name that stands twice.
std::vector<ComparedRecipe> compare_recipes(const std::filesystem::path& root,
                                            const corpus::Manifest& manifest,
                                            std::vector<NamedRecipe> recipes,
                                            const std::vector<std::uint64_t>& seeds, int jobs,
                                            ComparisonObserver& observer);

inline constexpr std::string_view kRecipeComparisonSchema = "ser-recipe-comparison/1";

// {"schema", "toolkit_version", "protocol", "seeds", "recipes": [{"name", "report"}]}, where each
// report is that of cross-validation with this recipe.
core::Json to_json(const std::vector<ComparedRecipe>& recipes);

}  // namespace ser::train
