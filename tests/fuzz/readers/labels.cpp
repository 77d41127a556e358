#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/layout.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/vocabulary.h"

#include "corpus/text_lines.h"
#include "corpus/time_text.h"
#include "fuzz/readers.h"
#include "fuzz/small_manifest.h"

namespace ser::fuzz {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  constexpr std::size_t kMostLines = 8;
  Lines lines;
  while (!text.empty() && lines.size() < kMostLines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool read_table(const corpus::Layout& layout, std::string_view text) {
  try {
    std::size_t rows = 0;
    layout.parse_table(text, "table", [&](std::size_t line, corpus::Utterance& row) {
      require(line >= 1, "a row stands before the first line");
      require(!row.id.empty(), "a row is about no recording");
      ++rows;
    });
    return rows > 0;
  } catch (const core::CorpusError& error) {
    require(error.code() == "E_CORPUS_TABLE", "another error than is documented");
    return false;
  }
}

// What the names of files say.
bool read_names(const Lines& names) {
  for (const auto& name : names) {
    for (const auto* layout : corpus::layouts()) {
      layout->is_table(name);
      const auto utterance = layout->parse(name);
      if (utterance) corpus::canonical_label(utterance->label, layout->name());
    }
    require(corpus::is_utf8(corpus::display_name(name)), "what is shown is not UTF-8");
    corpus::parse_seconds(name);
  }
  try {
    const auto manifest = corpus::lay_out("/corpus", names);
    require(manifest.utterances.size() <= names.size(), "more recordings than names");
    corpus::describe(manifest);
    return true;
  } catch (const core::CorpusError&) {
    return false;
  }
}

// --map, --keep and --drop: a line each, by its first character.
bool read_map(const Lines& lines) {
  corpus::CorpusConfig config;
  for (const auto& line : lines) {
    if (line.empty()) continue;
    auto& list = line[0] == 'k' ? config.keep : line[0] == 'd' ? config.drop : config.map;
    list.push_back(line.substr(1));
  }
  auto manifest = small_manifest();
  try {
    corpus::select_labels(manifest, config);
    require(!manifest.utterances.empty() && !manifest.classes.empty(), "nothing was selected");
    for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
      const int index = manifest.label_index(i);
      require(index >= 0 && index < std::ssize(manifest.classes), "a label is no class");
    }
    return true;
  } catch (const core::ConfigError&) {
    return false;
  } catch (const core::CorpusError&) {
    return false;
  }
}

}  // namespace

// The first byte: i or n for a table of IEMOCAP's or nEMO's, m for a map of labels, anything else
// for names of files.
bool read_labels(Bytes bytes) {
  if (bytes.empty()) return false;
  const std::string_view text = text_of(bytes.subspan(1));
  switch (bytes.front()) {
    case 'i':
      return read_table(corpus::layout_named("iemocap"), text);
    case 'n':
      return read_table(corpus::layout_named("nemo"), text);
    case 'm':
      return read_map(lines_of(text));
    default:
      return read_names(lines_of(text));
  }
}

}  // namespace ser::fuzz
