#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "corpus/delimited_records.h"

namespace ser::corpus {

// Told the names of a table's columns, without blanks around them.
using OnHeader = std::function<void(std::size_t line, const std::vector<std::string>& names)>;

// Reads a table whose first record names the columns and whose others have a field for each of
// them. Returns whether it has a first record. Throws CorpusError: E_CORPUS_READ, E_MANIFEST_FORMAT
// (as DelimitedRecords and read_lines(), and more or fewer fields).
bool read_delimited_table(const std::filesystem::path& file, char separator,
                          const OnHeader& on_header, const DelimitedRecords::OnRecord& on_row);

}  // namespace ser::corpus
