#pragma once

#include <string>
#include <string_view>

namespace ser::report {

// Any bytes as text or the value of an attribute of XML 1.0 and HTML; they come out as
// corpus::display_name(), which leaves no control characters.
std::string escape_xml(std::string_view text);

}  // namespace ser::report
