#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ser::corpus {

// A name from a file system made fit for a terminal, a report and JSON: always valid UTF-8 on one
// line. Bytes that are not UTF-8, control characters (so escape sequences too) and marks that turn
// the direction of writing are written as "\x1B", byte by byte; everything else stays as it is.
std::string display_name(std::string_view bytes);

// Whether a text is UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes);

// Number of code points of a text in UTF-8; what columns are aligned by.
std::size_t display_width(std::string_view text);

}  // namespace ser::corpus
