#include "corpus/folds.h"

namespace ser::corpus {

void require_fold_count(std::size_t count, const std::string& instead) {
  if (count <= static_cast<std::size_t>(SplitConfig::kMaxFolds)) return;
  throw core::CorpusError(
      "E_SPLIT_FOLDS", "that would be " + std::to_string(count) + " folds, but at most " +
                           std::to_string(SplitConfig::kMaxFolds) + " can be trained; " + instead);
}

void FoldBudget::add(const Split& fold) {
  ++folds_;
  taken_ += sizeof(std::size_t) * (fold.train.size() + fold.validation.size() + fold.test.size());
  if (taken_ <= most_bytes_) return;
  throw core::CorpusError("E_SPLIT_FOLDS",
                          "the first " + std::to_string(folds_) + " folds take more than the " +
                              std::to_string(most_bytes_) +
                              " bytes that folds may take at once; choose a protocol of fewer "
                              "folds, such as speaker-kfold, or fewer seeds");
}

std::vector<Split> all_of(const FoldList& folds, FoldBudget budget) {
  std::vector<Split> splits;
  for (std::size_t f = 0; f < folds.size(); ++f) budget.add(splits.emplace_back(folds.make(f)));
  return splits;
}

void require_test_part(const SplitConfig& config, const std::string& protocol) {
  if (config.test_share > 0.0) return;
  throw core::ConfigError("E_CONFIG_VALUE", "protocol " + protocol +
                                                " tests on every fold in its turn, but test_share "
                                                "0 asks for no test part");
}

}  // namespace ser::corpus
