#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ser/core/error.h"
#include "ser/corpus/fold_list.h"
#include "ser/corpus/split.h"

namespace ser::corpus {

// The split that `make` makes, under the name of its fold; what is wrong with it is said with the
// name too.
template <class Make>
Split named_fold(const std::string& name, Make&& make) {
  try {
    Split split = std::forward<Make>(make)();
    split.fold = name;
    return split;
  } catch (const core::CorpusError& error) {
    throw core::CorpusError(error.code(), "fold " + name + ": " + error.what());
  }
}

// Throws CorpusError (E_SPLIT_FOLDS) for more than anybody would wait for.
void require_fold_count(std::size_t count, const std::string& instead);

// Every fold of the list. Throws CorpusError (E_SPLIT_FOLDS) where they are more than the budget.
std::vector<Split> all_of(const FoldList& folds, FoldBudget budget = FoldBudget());

// Throws ConfigError (E_CONFIG_VALUE) if there is to be no test part, of which folds are made.
void require_test_part(const SplitConfig& config, const std::string& protocol);

}  // namespace ser::corpus
