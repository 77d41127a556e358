#pragma once

#include <filesystem>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// A database of audformat keeps what is known of whole files in a table of its own: of the table
// db.emotion.csv, what is said and who speaks may stand in db.files.csv beside it. Fills it in
// where the manifest does not know it. Throws CorpusError: E_CORPUS_READ; named with their line
// E_MANIFEST_FORMAT, E_MANIFEST_COLUMNS (no column file), E_MANIFEST_VALUE (something else of a
// file than another line or the manifest says; no file of the manifest at all).
void complete_by_files_table(Manifest& manifest, const std::filesystem::path& table);

}  // namespace ser::corpus
