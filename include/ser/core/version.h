#pragma once

#include <string_view>

namespace ser::core {

// As in CMakeLists.txt, whose configuration fails if the two differ.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace ser::core
