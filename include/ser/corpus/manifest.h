#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/corpus/utterance.h"

namespace ser::corpus {

struct CorpusConfig {
  std::string layout = "auto";
  std::string labels = "emotion";
  std::vector<std::string> map;
  std::vector<std::string> keep;
  std::vector<std::string> drop;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("layout", self.layout,
          "how files are named: auto, or a name of layouts.def; of several corpora one each, with "
          "commas between");
    visit(
        "labels", self.labels,
        "emotion: the layout's emotion in canonical names; folder: the folder's name is the class",
        core::OneOf{{"emotion", "folder"}});
    visit("map", self.map, "labels that become others, such as calm=neutral");
    visit("keep", self.keep, "the labels that are used, after map; none named: all");
    visit("drop", self.drop, "labels that are not used, after map");
  }
};

// A file below the corpus folder that is not part of the manifest.
struct LeftOut {
  std::string relative_path;
  std::string reason;
};

// A folder tree, or a manifest file, that utterances of a manifest come from.
struct Source {
  std::string name;  // "TESS": what tells it from others
  std::filesystem::path root;
  std::string layout;  // a name of layouts.def; of a manifest file csv, tsv, jsonl, audformat
  std::size_t utterances = 0;  // before keep and drop
};

// The recordings of one or several corpora, sorted by id, and how they were read.
struct Manifest {
  std::vector<Utterance> utterances;
  std::vector<std::string> classes;  // sorted, each with at least one utterance
  std::string layout;                // names of the layouts that were used, in the order of sources
  std::string labels;                // as in CorpusConfig
  // Spelling in the corpus -> label that it became, for every spelling met; where there are several
  // corpora "EmoDB: W" for a spelling. Both are harmless to show and to store (display_name.h), as
  // are all labels and classes; ids and paths keep the bytes of the file system.
  std::map<std::string, std::string> label_mapping;
  std::vector<LeftOut> left_out;
  std::vector<Source> sources;
  // What Utterance::attributes are: "intensity", or any further column of a manifest file.
  std::vector<std::string> attribute_names;
  std::map<std::string, std::size_t> dropped;  // label -> utterances that keep and drop took out

  // Index of the utterance's label in `classes`.
  int label_index(std::size_t utterance) const;
  std::vector<std::string> speakers() const;  // sorted, without the empty one
  std::vector<std::string> texts() const;     // likewise
  // Empty where it is unknown for this utterance, or at all.
  std::string_view attribute(std::size_t utterance, std::string_view name) const;
};

// Reads the names (not the sound) of all recordings below `root`: files that end in .wav, .wave,
// .aif, .aiff, .aifc or .flac in any case. Hidden files and folders are passed over; symbolic links
// to files are followed, to folders are not. With layout "auto" the layout is chosen that fits the
// most files, a specific one only if it fits more than half. A recording that stands in the tree
// twice is taken once, since its copy would be drawn into training and test alike: files for which
// the layout tells the same (speaker, text and emotion; otherwise file name and label) are compared
// by size and checksum, the only case in which their bytes are read.
//
// Where `root` is a file that ends in .csv, .tsv or .jsonl, it lists the recordings (a manifest
// file): path and label, and optionally speaker, text, corpus, split (train, validation, test),
// start and end (seconds, or "0 days 00:00:01.5"); further columns become attributes. Paths are
// relative to its folder. With the columns file and emotion it is a table of audEERING's audformat.
// Speakers and texts may then stand in NAME.files.csv beside NAME.emotion.csv. A manifest is taken
// as written: copies in it are not looked for. But a recording, or a segment of one, may be listed
// once, however its path and times are written. A list may have 1 GiB; its rows may take 256 MiB of
// memory and 8 times their bytes, within which a million of any length are.
//
// Throws CorpusError: E_CORPUS_MISSING (no such folder), E_CORPUS_EMPTY (no recordings in it),
// E_CORPUS_LAYOUT (none fits the layout that was asked for), E_CORPUS_READ (a folder or file that
// cannot be read, or more than 64 levels of them), E_CORPUS_TABLE (a table of the layout; named
// with its line), E_MANIFEST_FORMAT, E_MANIFEST_COLUMNS, E_MANIFEST_VALUE, E_MANIFEST_PATH,
// E_MANIFEST_DUPLICATE (a manifest file; named with its line); ConfigError (E_CONFIG_VALUE).
Manifest read_corpus(const std::filesystem::path& root, const CorpusConfig& config = {});

// Several corpora as one, each with its own layout. An id is preceded by the corpus's name; a
// speaker too, since speakers of different corpora are different. Throws as read_corpus() does, and
// ConfigError (E_CONFIG_VALUE) if one is named twice or lies within another.
Manifest read_corpora(const std::vector<std::filesystem::path>& roots,
                      const CorpusConfig& config = {});

// Lays out the recordings of these names ('/' between parts) below `root` as read_corpus() does,
// but looks at nothing in the file system: copies are not found, tables not read. Throws
// E_CORPUS_LAYOUT, ConfigError.
Manifest lay_out(const std::filesystem::path& root, std::vector<std::string> names,
                 const CorpusConfig& config = {});

// Applies map, keep and drop; read_corpus() has done so with its own. Throws ConfigError
// (E_CONFIG_VALUE) for a label that the manifest does not have, naming those that it has;
// CorpusError (E_CORPUS_EMPTY) if nothing is left.
void select_labels(Manifest& manifest, const CorpusConfig& config);

// All recordings below `root` in sorted order, or `root` itself if it is a file: what prediction
// runs over. They are found on the way, so that memory holds the names of a few folders and not of
// all recordings. At least one: throws CorpusError E_CORPUS_MISSING, E_CORPUS_EMPTY, E_CORPUS_READ
// as read_corpus does; the last may come behind some recordings. Where `on_unreadable` is given, it
// is told of each folder below the root that cannot be read or lies too deep, and the walk goes on
// behind it.
using OnUnreadableFolder =
    std::function<void(const std::filesystem::path& folder, const core::CorpusError& error)>;
void visit_recordings(const std::filesystem::path& root,
                      const std::function<void(const std::filesystem::path&)>& on_recording,
                      const OnUnreadableFolder& on_unreadable = {});

// A statement for people: layout, files, classes with counts, speakers, texts, mapping, what was
// left out and why. Several lines, each ended.
std::string describe(const Manifest& manifest);

}  // namespace ser::corpus
