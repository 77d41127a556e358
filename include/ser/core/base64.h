#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ser::core {

// Bytes as text (RFC 4648, with padding), and back; nothing for what is not such a text.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace ser::core
