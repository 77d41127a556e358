#pragma once

#include "ser/corpus/layout.h"

namespace ser::corpus {

#define SER_LAYOUT(name) const Layout& name##_layout();
#include "corpus/layouts.def"
#undef SER_LAYOUT

// The example of a path that fits; `expected` comes without its id.
inline Layout::Example fitting(std::string relative_path, Utterance expected) {
  expected.id = relative_path;
  return {std::move(relative_path), std::move(expected)};
}

}  // namespace ser::corpus
