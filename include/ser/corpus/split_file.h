#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"

namespace ser::corpus {

inline constexpr std::string_view kSplitFileSchema = "ser-split/1";

// A split, or the folds of one, by the ids of the clips, to be trained on again or elsewhere:
//
//   {"schema": "ser-split/1", "protocol": "loso", "seed": 1,
//    "manifest": {"clips": 535, "checksum": "16 hexadecimal digits"},
//    "folds": [{"fold": "03", "statement": "...",
//               "train": [ids], "validation": [ids], "test": [ids], "left_out": [ids]}]}
//
// Every clip of the manifest stands in exactly one list of each fold. The checksum is XXH3 of the
// ids and labels in the order of ids. Ids are written as display_name() shows them.
std::string split_file_text(const Manifest& manifest, const std::vector<Split>& folds,
                            std::uint64_t seed);

// Reads such a file for the same clips. `protocol` is that which was asked for: "auto", or the
// file's own. Throws ConfigError (E_FILE_..., E_JSON: no file, no JSON, above 256 MiB) and
// CorpusError (E_SPLIT_FILE): not of this form; another protocol; a clip that the manifest does not
// have, or has and the file does not; a clip twice in a fold; other labels; a fold whose parts
// share what its protocol keeps apart; a fold with nothing to train on or without a class in its
// training part that another part has.
std::vector<Split> read_split_file(const std::filesystem::path& path, const Manifest& manifest,
                                   const std::string& protocol = "auto");

}  // namespace ser::corpus
