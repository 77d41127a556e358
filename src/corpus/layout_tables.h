#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ser/corpus/layout.h"
#include "ser/corpus/manifest.h"

namespace ser::corpus {

// Completes utterances by the rows of the layout's tables; those whose label is still unknown are
// left out. `tables` are paths below `root`. Throws CorpusError: E_CORPUS_READ; E_CORPUS_TABLE (a
// table that is no such table, too large, or says two things of one recording; tables that tell the
// texts of some recordings in a way that cannot be brought together with the names of the others).
void complete_by_tables(Manifest& manifest, const Layout& layout, const std::filesystem::path& root,
                        const std::vector<std::string>& tables);

}  // namespace ser::corpus
