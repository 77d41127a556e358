#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/train/recipe.h"

namespace ser::train {

// The clips by which a recipe may be chosen before the test part is touched: those of the training
// and validation part; sorted.
std::vector<std::size_t> choosing_clips(const corpus::Split& split);

struct InnerFold {
  corpus::Split split;  // of InnerFolds::clips
  std::vector<std::string> classes;
};

// Who judges recipes, without the test part.
struct InnerFolds {
  corpus::Manifest clips;
  // The score is that of the validation part by altered voices, and not of the test part.
  bool altered_voices = false;
  std::vector<InnerFold> folds;
  std::string statement;  // for people
};

// Folds by speaker, at most five, where there are two or more; with one, or where some are unknown,
// five drawings of a fifth of the texts (of the clips, where texts are unknown), which altered
// voices say. They follow from the recipe's seed and its validation share. Throws what list_folds()
// throws.
InnerFolds inner_folds(const corpus::Manifest& manifest, const corpus::Split& split,
                       const Recipe& recipe);

}  // namespace ser::train
