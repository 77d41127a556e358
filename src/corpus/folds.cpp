#include "corpus/folds.h"

#include <algorithm>

namespace ser::corpus {

void require_fold_count(std::size_t count, const std::string& instead) {
  if (count <= static_cast<std::size_t>(SplitConfig::kMaxFolds)) return;
  throw core::CorpusError(
      "E_SPLIT_FOLDS", "that would be " + std::to_string(count) + " folds, but at most " +
                           std::to_string(SplitConfig::kMaxFolds) + " can be trained; " + instead);
}

std::vector<Split> all_of(const FoldList& folds, std::size_t clips) {
  constexpr std::size_t kMostIndices = std::size_t{1} << 28;  // 2 GiB
  if (folds.size() > kMostIndices / std::max<std::size_t>(clips, 1)) {
    throw core::CorpusError("E_SPLIT_FOLDS",
                            std::to_string(folds.size()) + " folds of " + std::to_string(clips) +
                                " clips do not fit into memory at once; choose a protocol of fewer "
                                "folds, such as speaker-kfold");
  }
  std::vector<Split> splits;
  for (std::size_t f = 0; f < folds.size(); ++f) splits.push_back(folds.make(f));
  return splits;
}

void require_test_part(const SplitConfig& config, const std::string& protocol) {
  if (config.test_share > 0.0) return;
  throw core::ConfigError("E_CONFIG_VALUE", "protocol " + protocol +
                                                " tests on every fold in its turn, but test_share "
                                                "0 asks for no test part");
}

}  // namespace ser::corpus
