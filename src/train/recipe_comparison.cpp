#include "ser/train/recipe_comparison.h"

#include <set>

#include "ser/core/error.h"
#include "ser/core/version.h"

#include "train/ensemble.h"
#include "train/prefixed_errors.h"

namespace ser::train {
namespace {

// Says what is wrong with one recipe with its name.
template <class Body>
auto naming_the_recipe(const std::string& name, Body&& body) {
  return with_prefixed_errors("recipe " + name + ": ", std::forward<Body>(body));
}

void require_distinct(const std::vector<NamedRecipe>& recipes) {
  std::set<std::string> names;
  for (const auto& [name, recipe] : recipes) names.insert(name);
  if (recipes.size() >= 2 && names.size() == recipes.size()) return;
  throw core::ConfigError("E_CONFIG_VALUE", "to compare takes two recipes or more, and each once");
}

}  // namespace

std::vector<ComparedRecipe> compare_recipes(const std::filesystem::path& root,
                                            const corpus::Manifest& manifest,
                                            std::vector<NamedRecipe> recipes,
                                            const std::vector<std::uint64_t>& seeds, int jobs,
                                            ComparisonObserver& observer) {
  require_distinct(recipes);
  const Recipe first = recipes.front().recipe;
  for (auto& [name, recipe] : recipes) {
    recipe.seed = first.seed;
    recipe.corpus = first.corpus;
    recipe.split = first.split;
    recipe.leaks = first.leaks;
    // What is wrong with the last is not told after hours of the others.
    naming_the_recipe(name,
                      [&, &recipe = recipe] { check_trainable(recipe, manifest.classes.size()); });
  }
  std::vector<ComparedRecipe> compared;
  for (const auto& [name, recipe] : recipes) {
    observer.on_recipe(name, compared.size(), recipes.size());
    compared.push_back(naming_the_recipe(name, [&, &name = name, &recipe = recipe] {
      return ComparedRecipe{name, cross_validate(root, manifest, recipe, seeds, jobs, observer)};
    }));
  }
  return compared;
}

core::Json to_json(const std::vector<ComparedRecipe>& recipes) {
  core::Json json = core::Json::object();
  json["schema"] = kRecipeComparisonSchema;
  json["toolkit_version"] = core::kVersion;
  if (!recipes.empty()) {
    json["protocol"] = recipes.front().report.protocol;
    json["seeds"] = recipes.front().report.seeds;
  }
  json["recipes"] = core::Json::array();
  for (const auto& [name, report] : recipes) {
    json["recipes"].push_back({{"name", name}, {"report", to_json(report)}});
  }
  return json;
}

}  // namespace ser::train
