#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ser::report {

// A table of text: the first row is the heading, the first column is aligned to the left, the
// others to the right.
using Table = std::vector<std::vector<std::string>>;

// With four digits behind the point.
std::string fixed(double value);

// Keeps Markdown and the HTML inside it from reading anything into a text.
std::string escape_markdown(const std::string& text);

// The table in Markdown, every cell escaped: nothing is read into a name, or into HTML in it. Short
// rows are filled up.
std::string markdown(const Table& table);

// The table in aligned columns, and how wide they are in all.
std::string plain(const Table& table);
std::size_t total_width(const Table& table);

}  // namespace ser::report
