#pragma once

#include <filesystem>
#include <string>

namespace ser::corpus {

// One recording of a corpus. Fields that the corpus does not tell are empty.
struct Utterance {
  std::string id;              // path below the corpus folder, with '/': unique in a manifest
  std::filesystem::path path;  // where the file is
  std::string corpus;          // "TESS"
  std::string speaker;         // "OAF"
  std::string text;            // "bite": what is said, or a code for it
  std::string label;           // after the vocabulary, "fear"; as the corpus writes it, before
  std::string part{};          // what a manifest says: "train", "validation", "test", or nothing
};

}  // namespace ser::corpus
