#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ser/core/random.h"
#include "ser/train/recipe.h"

namespace ser::train {

// A classifier of an ensemble: a recipe, and which of its trainings it is. Those of one recipe
// differ by their random numbers alone.
struct Member {
  Recipe recipe;  // what the ensemble decides is set: seed, corpus, split, leaks, normalization ...
  std::size_t training = 0;

  // "frames", "frames (2)"
  std::string name() const;
};

// The members of a recipe, each as it is trained; of one without members nothing. Throws
// ConfigError (E_CONFIG_VALUE, E_CONFIG_KEY, E_RECIPE) with the path of what is wrong: also where a
// field that members decide is set beside them, they have members of their own, or are too many.
std::vector<Member> members_of(const Recipe& recipe);

// `members` with recipes in place of their names, so that nothing else is needed to train again.
core::Json effective_members(const Recipe& recipe);

// What all is drawn from in a training with this seed. The first is that of the recipe alone.
core::RandomStream training_stream(std::uint64_t seed, std::size_t training);

}  // namespace ser::train
