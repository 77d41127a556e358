#pragma once

#include <filesystem>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// Whether the name ends in .csv, .tsv or .jsonl, in any case.
bool has_manifest_name(const std::filesystem::path& file);

// The recordings that a manifest file lists, as read_corpus() describes them, before map, keep and
// drop.
Manifest read_manifest_file(const std::filesystem::path& file, const CorpusConfig& config);

}  // namespace ser::corpus
