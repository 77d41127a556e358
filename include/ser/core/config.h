#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ser/core/error.h"
#include "ser/core/json.h"

// Configuration structs list their fields once:
//
//   struct ClipConfig {
//     double offset_s = 0.6;
//     std::string padding = "zero";
//
//     template <class Self, class Visitor>
//     static void fields(Self& self, Visitor&& visit) {
//       visit("offset_s", self.offset_s, "seconds skipped at the start", Range{0.0, 3600.0});
//       visit("padding", self.padding, "what follows a short clip", OneOf{{"zero", "edge"}});
//     }
//   };
//
// and get from it JSON out, JSON in with every mistake named by its path, and a description from
// which command line options are made. Members: int, std::uint64_t, double, std::string,
// std::optional of these, std::vector of these, Json (checked by its owner), and nested
// configuration structs.
namespace ser::core {

// Both ends belong to the range.
template <class Number>
struct Range {
  Number min;
  Number max;
};

struct OneOf {
  std::vector<std::string_view> values;
};

namespace config_detail {

struct AnyVisitor {
  template <class... T>
  void operator()(const T&...) const {}
};

template <class T>
concept HasFields = requires(T& value) {
  T::fields(value, AnyVisitor{});
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

[[noreturn]] inline void reject(const std::string& path, const std::string& why) {
  throw ConfigError("E_CONFIG_VALUE", path + ": " + why);
}

template <class T>
std::string type_name() {
  if constexpr (std::same_as<T, Json>) {
    return "json";
  } else if constexpr (is_optional<T>) {
    return type_name<typename T::value_type>() + " or null";
  } else if constexpr (is_vector<T>) {
    return "list of " + type_name<typename T::value_type>();
  } else if constexpr (std::same_as<T, std::string>) {
    return "text";
  } else if constexpr (std::same_as<T, bool>) {
    return "true or false";
  } else if constexpr (std::integral<T>) {
    return "integer";
  } else {
    static_assert(std::floating_point<T>, "not a type of configuration member");
    return "number";
  }
}

inline std::string excerpt(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

template <class T>
void read_value(const Json& json, const std::string& path, T& value) {
  const auto wrong_type = [&] {
    reject(path, "expected " + type_name<T>() + ", found " + excerpt(json));
  };
  if constexpr (std::same_as<T, Json>) {
    value = json;
  } else if constexpr (is_optional<T>) {
    if (json.is_null()) {
      value.reset();
    } else {
      typename T::value_type inner{};
      read_value(json, path, inner);
      value = std::move(inner);
    }
  } else if constexpr (is_vector<T>) {
    if (!json.is_array()) wrong_type();
    T read;
    for (const auto& element : json) {
      typename T::value_type inner{};
      read_value(element, path + "[" + std::to_string(read.size()) + "]", inner);
      read.push_back(std::move(inner));
    }
    value = std::move(read);
  } else if constexpr (std::same_as<T, std::string>) {
    if (!json.is_string()) wrong_type();
    value = json.template get<std::string>();
  } else if constexpr (std::same_as<T, bool>) {
    if (!json.is_boolean()) wrong_type();
    value = json.template get<bool>();
  } else if constexpr (std::integral<T>) {
    // nlohmann's get<int>() would turn 3.7 into 3 and -1 into a huge unsigned.
    if (!json.is_number_integer()) wrong_type();
    const auto outside = [&] { reject(path, excerpt(json) + " is out of range"); };
    if (json.is_number_unsigned()) {
      const auto number = json.template get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) outside();
      value = static_cast<T>(number);
    } else {
      const auto number = json.template get<std::int64_t>();
      if (std::unsigned_integral<T>
              ? number < 0
              : number < static_cast<std::int64_t>(std::numeric_limits<T>::min())) {
        outside();
      }
      value = static_cast<T>(number);
    }
  } else {
    if (!json.is_number()) wrong_type();
    value = json.template get<T>();
    if (!std::isfinite(value)) reject(path, "must be finite");
  }
}

template <class T, class Number>
void check(const std::string& path, const T& value, const Range<Number>& range) {
  if constexpr (is_optional<T>) {
    if (value) check(path, *value, range);
  } else if constexpr (is_vector<T>) {
    for (const auto& element : value) check(path, element, range);
  } else {
    // written so that NaN fails
    if (!(value >= range.min && value <= range.max)) {
      reject(path, "must lie between " + Json(range.min).dump() + " and " + Json(range.max).dump() +
                       ", found " + Json(value).dump());
    }
  }
}

inline std::string choices(const OneOf& one_of) {
  std::string list;
  for (const auto value : one_of.values) list += (list.empty() ? "" : ", ") + std::string(value);
  return list;
}

template <class T>
void check(const std::string& path, const T& value, const OneOf& one_of) {
  if constexpr (is_vector<T>) {
    for (const auto& element : value) check(path, element, one_of);
  } else {
    for (const auto allowed : one_of.values) {
      if (value == allowed) return;
    }
    reject(path, "must be one of " + choices(one_of) + "; found \"" + value + "\"");
  }
}

inline std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

}  // namespace config_detail

template <class Config>
Json config_to_json(const Config& config) {
  Json json = Json::object();
  Config::fields(config, [&](const char* name, const auto& member, const char*, const auto&...) {
    using T = std::remove_cvref_t<decltype(member)>;
    if constexpr (config_detail::HasFields<T>) {
      json[name] = config_to_json(member);
    } else if constexpr (config_detail::is_optional<T>) {
      json[name] = member ? Json(*member) : Json(nullptr);
    } else {
      json[name] = member;
    }
  });
  return json;
}

// Throws ConfigError (E_CONFIG_VALUE) for the first member that its field list does not allow.
template <class Config>
void check_config(const Config& config, const std::string& path = "") {
  Config::fields(
      config, [&](const char* name, const auto& member, const char*, const auto&... constraints) {
        using T = std::remove_cvref_t<decltype(member)>;
        const std::string member_path = config_detail::join(path, name);
        if constexpr (config_detail::HasFields<T>) {
          check_config(member, member_path);
        } else {
          (config_detail::check(member_path, member, constraints), ...);
        }
      });
}

// Sets the members that `json` names and leaves the others as they are. Throws ConfigError
// (E_CONFIG_KEY, E_CONFIG_VALUE) with the path of the unknown key, wrong type or bad value.
template <class Config>
void update_config(Config& config, const Json& json, const std::string& path = "") {
  if (!json.is_object()) {
    config_detail::reject(path.empty() ? "configuration" : path,
                          "expected an object, found " + config_detail::excerpt(json));
  }
  std::set<std::string> known;
  Config::fields(config,
                 [&](const char* name, auto& member, const char*, const auto&... constraints) {
                   using T = std::remove_cvref_t<decltype(member)>;
                   known.insert(name);
                   const auto found = json.find(name);
                   if (found == json.end()) return;
                   const std::string member_path = config_detail::join(path, name);
                   if constexpr (config_detail::HasFields<T>) {
                     update_config(member, *found, member_path);
                   } else {
                     T read{};
                     config_detail::read_value(*found, member_path, read);
                     (config_detail::check(member_path, read, constraints), ...);
                     member = std::move(read);
                   }
                 });
  for (const auto& [key, value] : json.items()) {
    if (known.contains(key)) continue;
    std::string list;
    for (const auto& name : known) list += (list.empty() ? "" : ", ") + name;
    throw ConfigError("E_CONFIG_KEY", "unknown key \"" + config_detail::join(path, key) +
                                          "\"; known here: " + list);
  }
}

template <class Config>
Config config_from_json(const Json& json, const std::string& path = "") {
  Config config;
  update_config(config, json, path);
  return config;
}

struct FieldDescription {
  std::string path;  // "features.mfcc_count"
  std::string type;  // "integer", "list of text", "json" ...
  std::string help;  // with its constraint, if it has one
  Json default_value;
};

// One entry for each member that is not itself a configuration struct, in order of declaration.
template <class Config>
std::vector<FieldDescription> describe_config(const Config& defaults,
                                              const std::string& path = "") {
  std::vector<FieldDescription> list;
  Config::fields(defaults, [&](const char* name, const auto& member, const char* help,
                               const auto&... constraints) {
    using T = std::remove_cvref_t<decltype(member)>;
    const std::string member_path = config_detail::join(path, name);
    if constexpr (config_detail::HasFields<T>) {
      for (auto& inner : describe_config(member, member_path)) list.push_back(std::move(inner));
    } else {
      FieldDescription field{member_path, config_detail::type_name<T>(), help, nullptr};
      if constexpr (config_detail::is_optional<T>) {
        if (member) field.default_value = *member;
      } else {
        field.default_value = member;
      }
      const auto note = [&](const auto& constraint) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(constraint)>, OneOf>) {
          field.help += " (" + config_detail::choices(constraint) + ")";
        } else {
          field.help +=
              " (" + Json(constraint.min).dump() + " to " + Json(constraint.max).dump() + ")";
        }
      };
      (note(constraints), ...);
      list.push_back(std::move(field));
    }
  });
  return list;
}

}  // namespace ser::core
