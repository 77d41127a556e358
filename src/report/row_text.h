#pragma once

#include <string>
#include <string_view>

#include "ser/core/json.h"

namespace ser::report {

// A number with so many digits behind the point.
std::string fixed(double value, int digits);

// The same as a JSON number.
core::Json rounded(double value, int digits);

// Control characters as escapes, so that a row stays one line whatever a file is called.
std::string one_line(std::string_view text);

}  // namespace ser::report
