#pragma once

#include <filesystem>
#include <string>

#include "support/temporary_folder.h"

namespace ser::test {

// A folder tree with one class a folder, each clip a tone of its class's pitch in a little noise:
// "low", "middle" and "high". Deterministic.
class SyntheticCorpus {
 public:
  explicit SyntheticCorpus(int clips_per_class, double seconds = 0.5);

  const std::filesystem::path& root() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace ser::test
