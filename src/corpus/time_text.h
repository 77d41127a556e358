#pragma once

#include <optional>
#include <string_view>

namespace ser::corpus {

// The seconds that a text says: a decimal number ("1.5"), or a time as pandas writes it ("0 days
// 00:00:01.500000", "00:01:02"). Nothing if it is neither, negative, or above 1e9.
std::optional<double> parse_seconds(std::string_view text);

}  // namespace ser::corpus
