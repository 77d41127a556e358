#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/fold_list.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"

namespace ser::corpus {

inline constexpr std::string_view kSplitFileSchema = "ser-split/2";
inline constexpr std::string_view kFirstSplitFileSchema = "ser-split/1";  // read, not written

inline constexpr std::uint64_t kLargestSplitFile = std::uint64_t{256} << 20;

// A split, or the folds of one, by the ids of the clips, to be trained on again or elsewhere:
//
//   {"schema": "ser-split/2", "protocol": "loso", "seed": 1,
//    "manifest": {"clips": 535, "checksum": "16 hexadecimal digits"},
//    "ids": ["wav/03a01Fa.wav", ...],
//    "folds": [{"fold": "03", "statement": "...", "parts": "49e432tv53v"}]}
//
// All folds share one list of ids, in which every clip of the manifest stands once. The parts of a
// fold are a letter for each of them: t (training), v (validation), e (test) or - (left out); a
// number before a letter stands for as many of it. The checksum is XXH3 of the ids and labels in
// the order of ids. Ids are written as display_name() shows them.
//
// Puts such a file together, one fold at a time.
class SplitFileText {
 public:
  // Throws CorpusError (E_SPLIT_FILE) if two clips are shown by one name, or if the file would be
  // larger than `most_bytes`; larger than kLargestSplitFile it would not be read again.
  SplitFileText(const Manifest& manifest, std::string_view protocol, std::uint64_t seed,
                std::uint64_t most_bytes = kLargestSplitFile);
  // Throws likewise, and for an index that is in two parts or none of the manifest's.
  void add(const Split& fold);
  std::string finish();

 private:
  void require_room() const;

  std::size_t clips_;
  std::vector<std::size_t> order_;  // of the ids
  std::uint64_t most_bytes_;
  std::size_t folds_ = 0;
  std::string text_;
};

// Reads such a file for the same clips, or one of the first form, which had the lists "train",
// "validation", "test" and "left_out" of ids in each fold. `protocol` is that which was asked for:
// "auto", or the file's own. Throws ConfigError (E_FILE_..., E_JSON: no file, no JSON, above 256
// MiB) and CorpusError (E_SPLIT_FILE): not of this form; another protocol; a clip that the manifest
// does not have, or has and the file does not; a clip twice; other labels. When it is made, for a
// fold whose parts do not fit the ids, or share what its protocol keeps apart; or with nothing to
// train on or without a class in its training part that another part has. The manifest has to
// outlive the list. Memory is bounded by the file and the manifest.
std::unique_ptr<const FoldList> list_split_file(const std::filesystem::path& path,
                                                const Manifest& manifest,
                                                const std::string& protocol = "auto");

}  // namespace ser::corpus
