#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/utterance.h"

namespace ser::corpus {

// How a corpus tells speaker, text and emotion by the names of its files and, in some corpora, by
// tables beside them. One object an entry of layouts.def; layouts are stateless.
class Layout {
 public:
  struct Example {
    std::string relative_path;
    std::optional<Utterance> expected;  // without path; empty where the file is not of this layout
  };
  struct TableExample {
    std::string relative_path;
    std::string content;
    std::vector<Utterance> expected;
  };

  virtual ~Layout() = default;
  virtual std::string_view name() const = 0;         // "tess"
  virtual std::string_view description() const = 0;  // one line
  // What the path below the corpus folder ('/' between parts) says; nothing if it does not fit.
  // Never throws, whatever the bytes. The label is as the corpus spells it; it is empty only where
  // a table tells it.
  virtual std::optional<Utterance> parse(std::string_view relative_path) const = 0;
  // Samples that a contract test runs.
  virtual std::vector<Example> examples() const = 0;

  // Names of the attributes of its utterances.
  virtual std::vector<std::string> attribute_names() const { return {}; }

  // Whether the file of this path is a table that tells more about recordings of the corpus.
  virtual bool is_table([[maybe_unused]] std::string_view relative_path) const { return false; }
  // Told each row of a table with the number of its line, from 1. The row may be moved from.
  using OnRow = std::function<void(std::size_t line, Utterance& row)>;
  // Tells its rows, one at a time. The id is the name of a recording without folder and extension;
  // what else is not empty takes the place of what the name said. `where` names the table in
  // messages. Throws CorpusError (E_CORPUS_TABLE, with the line) and nothing else of its own,
  // whatever the bytes.
  virtual void parse_table([[maybe_unused]] std::string_view content,
                           [[maybe_unused]] std::string_view where,
                           [[maybe_unused]] const OnRow& on_row) const {}
  virtual std::vector<TableExample> table_examples() const { return {}; }
};

// In order of layouts.def: specific ones first, the plain tree (folder = class) last.
std::vector<const Layout*> layouts();

// Throws ConfigError (E_CONFIG_VALUE) for an unknown name.
const Layout& layout_named(std::string_view name);

}  // namespace ser::corpus
