#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ser::core {

// Keys keep the order in which they were written. What members are set of begins with
// Json::object(): the library's [] makes an object of null before it has the memory for one, and
// where there is none, it crashes on the way out.
using Json = nlohmann::ordered_json;

// Parses a text that may come from anybody: nesting deeper than 32, objects of more than
// 4,096 keys, repeated keys and invalid UTF-8 are refused. `where` names the source in messages.
// Throws ConfigError (E_JSON).
Json parse_json(std::string_view text, std::string_view where);

// The text of it, on one line or indented by so many blanks a level. What is not UTF-8 becomes
// U+FFFD. Numbers have the shortest text that reads as the same number.
std::string json_text(const Json& json, int indent = -1);

}  // namespace ser::core
