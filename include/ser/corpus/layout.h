#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/utterance.h"

namespace ser::corpus {

// How a corpus tells speaker, text and emotion by the names of its files. One object an entry of
// layouts.def; layouts are stateless.
class Layout {
 public:
  struct Example {
    std::string relative_path;
    std::optional<Utterance> expected;  // without path; empty where the file is not of this layout
  };

  virtual ~Layout() = default;
  virtual std::string_view name() const = 0;         // "tess"
  virtual std::string_view description() const = 0;  // one line
  // What the path below the corpus folder ('/' between parts) says; nothing if it does not fit.
  // Never throws, whatever the bytes. The label is as the corpus spells it.
  virtual std::optional<Utterance> parse(std::string_view relative_path) const = 0;
  // Samples that a contract test runs.
  virtual std::vector<Example> examples() const = 0;
};

// In order of layouts.def: specific ones first, the plain tree (folder = class) last.
std::vector<const Layout*> layouts();

// Throws ConfigError (E_CONFIG_VALUE) for an unknown name.
const Layout& layout_named(std::string_view name);

}  // namespace ser::corpus
