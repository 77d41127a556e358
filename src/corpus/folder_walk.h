#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

struct FoundFile {
  std::string id;  // path below the root, '/' between parts, the bytes as they are on the disk
  std::filesystem::path path;
};

struct FolderWalk {
  std::vector<FoundFile> recordings;  // sorted by the bytes of their ids
  std::vector<LeftOut> left_out;      // sorted likewise
};

// All recordings below the folder `root`, as read_corpus describes them. Throws CorpusError:
// E_CORPUS_MISSING, E_CORPUS_EMPTY, E_CORPUS_READ (a folder that cannot be read: to go on without
// it would quietly change the data, or folders nested too deep).
FolderWalk walk_folder(const std::filesystem::path& root);

}  // namespace ser::corpus
