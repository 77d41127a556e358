#pragma once

#include <string>
#include <string_view>

namespace ser::report {

// A field of a CSV file, in quotes where RFC 4180 asks for them.
std::string csv_field(std::string_view text);

}  // namespace ser::report
