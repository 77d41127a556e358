#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

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

// Bounds what folds take that are kept together.
class FoldBudget {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{2} << 30;

  explicit FoldBudget(std::uint64_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  // Adds one, 8 bytes a clip in its parts. Throws CorpusError (E_SPLIT_FOLDS) where all so far take
  // more than `most_bytes`.
  void add(const Split& fold);

 private:
  std::uint64_t most_bytes_;
  std::uint64_t taken_ = 0;
  std::size_t folds_ = 0;
};

}  // namespace ser::corpus
