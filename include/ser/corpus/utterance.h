#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ser::corpus {

// One recording of a corpus, or a segment of one. Fields that the corpus does not tell are empty.
struct Utterance {
  // Unique in a manifest: the path below the corpus folder, with '/'; of a segment followed by
  // "#start-end"; the corpus's name and '/' before it where there are several.
  std::string id;
  // Where the file is: the bytes of the file system. A million of std::filesystem::path would take
  // half a gigabyte.
  std::string path;
  std::string corpus;   // "TESS"
  std::string speaker;  // "OAF"; "TESS/OAF" in a manifest of several corpora
  std::string text;     // "bite": what is said, or a code for it
  std::string label;    // after the vocabulary, "fear"; as the corpus writes it, before
  // What the corpus itself uses it for: "train", "validation" or "test".
  std::string part{};
  // The segment of the file that is the recording, in seconds; a bound that is absent is the
  // file's.
  std::optional<double> start_s{};
  std::optional<double> end_s{};
  // What else is known, in the order of Manifest::attribute_names; may end early.
  std::vector<std::string> attributes{};
};

// "#1.5-2.25" for a segment, "" for a whole file.
std::string segment_suffix(const Utterance& utterance);

}  // namespace ser::corpus
