#pragma once

#include <string>
#include <string_view>

namespace ser::report::charts {

// Gives the ids in an SVG document numbers in the order in which they appear: Cairo counts some of
// them through the life of the program. A checksum of the document stands before each, so several
// documents can stand in one page of HTML.
std::string with_stable_ids(std::string_view svg);

// Adds a <title>, which browsers show and screen readers read. `title` is UTF-8 without control
// characters and is escaped.
std::string with_title(std::string svg, std::string_view title);

}  // namespace ser::report::charts
