#include "ser/core/error.h"
#include "ser/corpus/split_file.h"

#include "fuzz/memory_file.h"
#include "fuzz/readers.h"
#include "fuzz/small_manifest.h"

namespace ser::fuzz {

bool read_split(Bytes bytes) {
  static const corpus::Manifest kManifest = small_manifest();
  static const MemoryFile kFile;
  kFile.hold(bytes);
  try {
    const auto folds = corpus::list_split_file(kFile.path(), kManifest);
    require(folds->size() > 0, "a split without folds was read");
    std::size_t made = 0;
    for (std::size_t i = 0; i < folds->size(); ++i) {
      try {
        const auto split = folds->make(i);
        require(split.train.size() + split.validation.size() + split.test.size() <=
                    kManifest.utterances.size(),
                "a clip is in two parts");
        require(!split.train.empty(), "there is nothing to train on");
        ++made;
      } catch (const core::CorpusError&) {
      }
    }
    return made == folds->size();
  } catch (const core::CorpusError&) {
    return false;
  } catch (const core::ConfigError& error) {
    require(error.code() == "E_JSON", "another error than is documented");
    return false;
  }
}

}  // namespace ser::fuzz
