#include "ser/core/config.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ser::core::config_detail {

void reject(const std::string& path, const std::string& why) {
  throw ConfigError("E_CONFIG_VALUE", path + ": " + why);
}

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::string excerpt(const Json& json) {
  std::string text = json_text(json);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

std::string choices(const OneOf& one_of) {
  std::string list;
  for (const auto value : one_of.values) list += (list.empty() ? "" : ", ") + std::string(value);
  return list;
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

template <class T>
Json written(const T& value) {
  if constexpr (is_optional<T>) {
    return value ? Json(*value) : Json(nullptr);
  } else {
    return value;
  }
}

template <class Number>
std::string range_text(const Range<Number>& range) {
  return json_text(range.min) + " to " + json_text(range.max);
}

template <class Number>
void reject_outside(const std::string& path, Number value, const Range<Number>& range) {
  reject(path, "must lie between " + json_text(range.min) + " and " + json_text(range.max) +
                   ", found " + json_text(value));
}

void put(Json& object, const char* name, Json value) { object[name] = std::move(value); }

const Json* find(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

void require_object(const Json& json, const std::string& path) {
  if (json.is_object()) return;
  reject(path.empty() ? "configuration" : path, "expected an object, found " + excerpt(json));
}

void check_keys(const Json& json, const std::string& path,
                const std::vector<std::string_view>& known) {
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    auto sorted = known;
    std::ranges::sort(sorted);
    throw ConfigError("E_CONFIG_KEY",
                      "unknown key \"" + join(path, key) + "\"; known here: " + choices({sorted}));
  }
}

#define SER_CONFIG_MEMBER(...)                                                             \
  template std::string type_name<__VA_ARGS__>();                                           \
  template void read_value(const Json& json, const std::string& path, __VA_ARGS__& value); \
  template Json written(const __VA_ARGS__& value);

#define SER_CONFIG_MEMBERS(Type)         \
  SER_CONFIG_MEMBER(Type)                \
  SER_CONFIG_MEMBER(std::optional<Type>) \
  SER_CONFIG_MEMBER(std::vector<Type>)

#define SER_CONFIG_NUMBERS(Number)                             \
  SER_CONFIG_MEMBERS(Number)                                   \
  template std::string range_text(const Range<Number>& range); \
  template void reject_outside(const std::string& path, Number value, const Range<Number>& range);

SER_CONFIG_MEMBER(Json)
SER_CONFIG_MEMBER(bool)
SER_CONFIG_MEMBERS(std::string)
SER_CONFIG_NUMBERS(int)
SER_CONFIG_NUMBERS(std::uint64_t)
SER_CONFIG_NUMBERS(double)

}  // namespace ser::core::config_detail
