#pragma once

#include <cstddef>
#include <string>

#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/train/recipe.h"

namespace ser::apps {

// What ser-train --search was asked for beside the recipe.
struct SearchOptions {
  std::string space;  // file
  std::size_t trials = 20;
  bool resume = false;
  std::string scores;    // file: a line a trial and fold
  std::string recipe;    // file: the best
  std::string markdown;  // file: the table; may be empty
  int jobs = 1;
};

// Searches with the training and validation part of the split, tells the table on stdout and writes
// the best recipe.
int search_recipes(const SearchOptions& options, const train::Recipe& recipe,
                   const corpus::Manifest& manifest, const corpus::Split& split);

}  // namespace ser::apps
