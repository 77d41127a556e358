#include "corpus/folds.h"

namespace ser::corpus {

void require_fold_count(std::size_t count, const std::string& instead) {
  if (count <= static_cast<std::size_t>(SplitConfig::kMaxFolds)) return;
  throw core::CorpusError(
      "E_SPLIT_FOLDS", "that would be " + std::to_string(count) + " folds, but at most " +
                           std::to_string(SplitConfig::kMaxFolds) + " can be trained; " + instead);
}

void require_test_part(const SplitConfig& config, const std::string& protocol) {
  if (config.test_share > 0.0) return;
  throw core::ConfigError("E_CONFIG_VALUE", "protocol " + protocol +
                                                " tests on every fold in its turn, but test_share "
                                                "0 asks for no test part");
}

}  // namespace ser::corpus
