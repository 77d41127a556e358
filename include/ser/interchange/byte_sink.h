#pragma once

#include <functional>
#include <string_view>

namespace ser::interchange {

// Takes the bytes of a file piece by piece, in their order.
using ByteSink = std::function<void(std::string_view)>;

}  // namespace ser::interchange
