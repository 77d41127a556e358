#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ser::apps {

// "1..5", "1,2,3" or "1..3,10": seeds in the order of the text. Throws ConfigError
// (E_CONFIG_VALUE) for anything else, a seed that stands twice and more than 1,000.
std::vector<std::uint64_t> parse_seeds(const std::string& text);

}  // namespace ser::apps
