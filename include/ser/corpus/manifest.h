#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/corpus/utterance.h"

namespace ser::corpus {

struct CorpusConfig {
  std::string layout = "auto";
  std::string labels = "emotion";

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("layout", self.layout, "how files are named: auto, or a name of layouts.def");
    visit(
        "labels", self.labels,
        "emotion: the layout's emotion in canonical names; folder: the folder's name is the class",
        core::OneOf{{"emotion", "folder"}});
  }
};

// A file below the corpus folder that is not part of the manifest.
struct LeftOut {
  std::string relative_path;
  std::string reason;
};

// The recordings of one folder tree, sorted by id, and how it was read.
struct Manifest {
  std::vector<Utterance> utterances;
  std::vector<std::string> classes;  // sorted, each with at least one utterance
  std::string layout;                // name of the layout that was used
  std::string labels;                // as in CorpusConfig
  // Spelling in the corpus -> label that it became, for every spelling met. Both are harmless to
  // show and to store (display_name.h), as are all labels and classes; ids and paths keep the bytes
  // of the file system.
  std::map<std::string, std::string> label_mapping;
  std::vector<LeftOut> left_out;

  // Index of the utterance's label in `classes`.
  int label_index(std::size_t utterance) const;
  std::vector<std::string> speakers() const;  // sorted, without the empty one
  std::vector<std::string> texts() const;     // likewise
};

// Reads the names (not the sound) of all recordings below `root`: files that end in .wav, .wave,
// .aif, .aiff, .aifc or .flac in any case. Hidden files and folders are passed over; symbolic links
// to files are followed, to folders are not. With layout "auto" the layout is chosen that fits the
// most files, a specific one only if it fits more than half. A recording that stands in the tree
// twice is taken once, since its copy would be drawn into training and test alike: files for which
// the layout tells the same (speaker, text and emotion; otherwise file name and label) are compared
// by size and checksum, the only case in which their bytes are read. Throws CorpusError:
// E_CORPUS_MISSING (no such folder), E_CORPUS_EMPTY (no recordings in it), E_CORPUS_LAYOUT (none
// fits the layout that was asked for), E_CORPUS_READ (a folder that cannot be read, or more than 64
// levels of them); ConfigError (E_CONFIG_VALUE).
Manifest read_corpus(const std::filesystem::path& root, const CorpusConfig& config = {});

// All recordings below `root` in sorted order, or `root` itself if it is a file: what prediction
// runs over. Never empty: throws CorpusError E_CORPUS_MISSING, E_CORPUS_EMPTY, E_CORPUS_READ as
// read_corpus does.
std::vector<std::filesystem::path> find_recordings(const std::filesystem::path& root);

// A statement for people: layout, files, classes with counts, speakers, texts, mapping, what was
// left out and why. Several lines, each ended.
std::string describe(const Manifest& manifest);

}  // namespace ser::corpus
