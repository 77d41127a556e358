#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ser/core/random.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"

namespace ser::corpus {

// The folds of a protocol, made one at a time: a thousand folds of a million clips are eight
// gigabytes, each of them eight megabytes. Making a fold changes nothing, so that one may be made
// twice and by several threads.
class FoldList {
 public:
  virtual ~FoldList() = default;
  virtual std::size_t size() const = 0;  // at least 1
  // Throws what make_folds() throws for this fold.
  virtual Split make(std::size_t fold) const = 0;
};

// What make_folds() makes, in its order. The manifest has to outlive the list. Throws what concerns
// all folds, and may throw what concerns one; the rest is thrown when that one is made.
std::unique_ptr<const FoldList> list_folds(const Manifest& manifest, const SplitConfig& config,
                                           const core::RandomStream& random);

}  // namespace ser::corpus
