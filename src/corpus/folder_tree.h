#pragma once

#include <filesystem>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// The recordings below a folder with their labels, as read_corpus() describes them, before map,
// keep and drop.
Manifest read_folder_tree(const std::filesystem::path& root, const CorpusConfig& config);

}  // namespace ser::corpus
