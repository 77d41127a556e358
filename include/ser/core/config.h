#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
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
// clang 14 does not deduce the members of an aggregate.
template <class Number>
Range(Number, Number) -> Range<Number>;

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

// What does not depend on the struct is compiled once, in config.cpp, for all types of members:
// every part of every open list is configured, and would compile it again.

[[noreturn]] void reject(const std::string& path, const std::string& why);

std::string join(const std::string& path, std::string_view name);

// The beginning of what was found, for messages.
std::string excerpt(const Json& json);

std::string choices(const OneOf& one_of);

template <class T>
std::string type_name();

// Throws ConfigError (E_CONFIG_VALUE) for another type, NaN, or what T cannot hold.
template <class T>
void read_value(const Json& json, const std::string& path, T& value);

template <class T>
Json written(const T& value);

// Sets a member of an object.
void put(Json& object, const char* name, Json value);

// Null where the object does not have it.
const Json* find(const Json& object, const char* name);

// Throws ConfigError (E_CONFIG_VALUE).
void require_object(const Json& json, const std::string& path);

template <class Number>
std::string range_text(const Range<Number>& range);

template <class Number>
[[noreturn]] void reject_outside(const std::string& path, Number value, const Range<Number>& range);

// Throws ConfigError (E_CONFIG_KEY) if the object has another key.
void check_keys(const Json& json, const std::string& path,
                const std::vector<std::string_view>& known);

template <class T, class Number>
void check(const std::string& path, const T& value, const Range<Number>& range) {
  if constexpr (is_optional<T>) {
    if (value) check(path, *value, range);
  } else if constexpr (is_vector<T>) {
    for (const auto& element : value) check(path, element, range);
  } else {
    // written so that NaN fails
    if (!(value >= range.min && value <= range.max)) {
      reject_outside<Number>(path, value, range);
    }
  }
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

}  // namespace config_detail

template <class Config>
Json config_to_json(const Config& config) {
  Json json = Json::object();
  Config::fields(config, [&](const char* name, const auto& member, const char*, const auto&...) {
    using T = std::remove_cvref_t<decltype(member)>;
    if constexpr (config_detail::HasFields<T>) {
      config_detail::put(json, name, config_to_json(member));
    } else {
      config_detail::put(json, name, config_detail::written(member));
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
  config_detail::require_object(json, path);
  std::vector<std::string_view> known;
  Config::fields(config,
                 [&](const char* name, auto& member, const char*, const auto&... constraints) {
                   using T = std::remove_cvref_t<decltype(member)>;
                   known.emplace_back(name);
                   const Json* found = config_detail::find(json, name);
                   if (found == nullptr) return;
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
  config_detail::check_keys(json, path, known);
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
      FieldDescription field{member_path, config_detail::type_name<T>(), help,
                             config_detail::written(member)};
      const auto note = [&](const auto& constraint) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(constraint)>, OneOf>) {
          field.help += " (" + config_detail::choices(constraint) + ")";
        } else {
          field.help += " (" + config_detail::range_text(constraint) + ")";
        }
      };
      (note(constraints), ...);
      list.push_back(std::move(field));
    }
  });
  return list;
}

}  // namespace ser::core
