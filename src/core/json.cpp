#include "ser/core/json.h"

#include <set>
#include <string>
#include <vector>

#include "ser/core/error.h"

namespace ser::core {

Json parse_json(std::string_view text, std::string_view where) {
  constexpr int kMaxDepth = 32;
  // An ordered object is searched key by key, so its size bounds the time that a hostile text can
  // take.
  constexpr std::size_t kMaxKeys = 4096;
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        if (depth >= kMaxDepth) {
          throw ConfigError("E_JSON", std::string(where) + ": nested deeper than " +
                                          std::to_string(kMaxDepth) + " levels");
        }
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        break;
      case Json::parse_event_t::object_end:
        keys.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!keys.back().insert(parsed.get<std::string>()).second) {
          throw ConfigError("E_JSON", std::string(where) + ": the key \"" +
                                          parsed.get<std::string>() + "\" stands twice");
        }
        if (keys.back().size() > kMaxKeys) {
          throw ConfigError("E_JSON", std::string(where) + ": an object has more than " +
                                          std::to_string(kMaxKeys) + " keys");
        }
        break;
      default:
        break;
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), check);
  } catch (const Json::exception& error) {
    throw ConfigError("E_JSON", std::string(where) + ": " + error.what());
  }
}

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ser::core
