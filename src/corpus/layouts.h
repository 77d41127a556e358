#pragma once

#include "ser/corpus/layout.h"

namespace ser::corpus {

#define SER_LAYOUT(name) const Layout& name##_layout();
#include "corpus/layouts.def"
#undef SER_LAYOUT

}  // namespace ser::corpus
