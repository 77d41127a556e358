#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

struct FolderWalk {
  // Paths below the root, '/' between parts, the bytes as they are on the disk; sorted by them.
  std::vector<std::string> recordings;
  std::vector<std::string> tables;
  std::vector<LeftOut> left_out;
};

// Whether the file of this path below the root is wanted although it is no recording.
using IsTable = std::function<bool(std::string_view relative_path)>;

// All recordings below the folder `root`, as read_corpus describes them. Throws CorpusError:
// E_CORPUS_MISSING, E_CORPUS_EMPTY, E_CORPUS_READ (a folder that cannot be read: to go on without
// it would quietly change the data, or folders nested too deep).
FolderWalk walk_folder(const std::filesystem::path& root, const IsTable& is_table = {});

}  // namespace ser::corpus
