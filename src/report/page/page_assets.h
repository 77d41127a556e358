#pragma once

#include <string_view>

namespace ser::report::page {

// page.css and page.js, and the SHA-256 of the latter in hexadecimal.
extern const std::string_view kStyle;
extern const std::string_view kScript;
extern const std::string_view kScriptChecksum;

}  // namespace ser::report::page
