#pragma once

#include <string>
#include <vector>

#include "ser/corpus/utterance.h"

namespace ser::corpus {

// What the reason of a file that was left out as a duplicate starts with; the id of the one kept
// follows.
inline constexpr const char* kDuplicateReason = "duplicate of ";

struct Duplicate {
  std::size_t index = 0;     // into the list
  std::size_t original = 0;  // the utterance that it repeats
};

// Recordings that stand in the tree more than once, sorted by index. A copy in another folder would
// be drawn into training and test alike. Two files are taken for one recording if the layout tells
// the same speaker, text and label for both (where it tells no speaker and text: if they have the
// same file name and label), and their bytes are the same, of which there must be at least one. The
// copy that lies least deep stays, then the first by id. `labels` are the layout's own, one for
// each utterance; the utterances are sorted by id.
std::vector<Duplicate> find_duplicates(const std::vector<Utterance>& utterances);

}  // namespace ser::corpus
