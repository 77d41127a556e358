#pragma once

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// Replaces the spellings of one corpus by labels: by canonical names, as the manifest's layout
// spells them, or, where its `labels` are "folder", by themselves. Fills classes and mapping.
void assign_labels(Manifest& manifest);

// The classes that its utterances have.
void collect_classes(Manifest& manifest);

}  // namespace ser::corpus
