#pragma once

#include <string>
#include <vector>

#include "ser/train/recipe_comparison.h"

namespace ser::report {

// A line a recipe, in the order of the comparison: mean and standard deviation of accuracy and UAR
// over all runs, the UAR of all test predictions together, parameters (the most of any run) and
// wall time of training; before it what was compared, and what a reader of the scores has to know
// first. Names are made harmless. At least one recipe, all on the same folds.
std::string recipe_comparison_text(const std::vector<train::ComparedRecipe>& recipes);

// The same as Markdown.
std::string recipe_comparison_markdown(const std::vector<train::ComparedRecipe>& recipes);

}  // namespace ser::report
