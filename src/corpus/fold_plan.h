#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "ser/corpus/split.h"

namespace ser::corpus {

// The folds of a protocol before they are made. `make` may be called for a fold (below `count`)
// more than once, and by several threads.
struct FoldPlan {
  std::size_t count = 0;
  std::function<Split(std::size_t fold)> make;
};

// A plan of one.
inline FoldPlan planned(std::function<Split()> make) {
  return {1, [make = std::move(make)](std::size_t) { return make(); }};
}

}  // namespace ser::corpus
