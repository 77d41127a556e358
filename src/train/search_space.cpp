#include "ser/train/search_space.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>

#include "ser/core/config.h"
#include "ser/core/error.h"

namespace ser::train {
namespace {

constexpr std::size_t kMostFields = 64;
constexpr std::size_t kMostChoices = 1000;

// They say who is trained and judged, what is drawn, and what the probabilities are afterwards:
// none of them makes a recipe better, and some would let it choose its own judge.
constexpr std::array<std::string_view, 8> kNotSearched = {
    "name", "description", "seed", "corpus", "split", "leaks", "calibration", "members"};

[[noreturn]] void reject(const std::string& path, const std::string& why) {
  throw core::ConfigError("E_SEARCH_SPACE", "search space, \"" + path + "\": " + why);
}

std::vector<std::string> steps_of(const std::string& path) {
  std::vector<std::string> steps(1);
  for (const char c : path) {
    if (c == '.') {
      steps.emplace_back();
    } else {
      steps.back() += c;
    }
  }
  return steps;
}

// The place that a path names; null where there is none.
template <class Json>
Json* find(Json& json, const std::string& path) {
  Json* place = &json;
  for (const auto& step : steps_of(path)) {
    if (place->is_object() && place->contains(step)) {
      place = &(*place)[step];
    } else if (place->is_array()) {
      std::size_t index = 0;
      const char* end = step.data() + step.size();
      const auto read = std::from_chars(step.data(), end, index);
      if (read.ec != std::errc() || read.ptr != end || index >= place->size()) return nullptr;
      place = &(*place)[index];
    } else {
      return nullptr;
    }
  }
  return place;
}

// With three digits, which is as many as a search finds out, and as many as people care to read.
double rounded(double value) {
  std::array<char, 40> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value,
                                     std::chars_format::scientific, 2);
  double read = value;
  std::from_chars(text.data(), written.ptr, read);
  return read;
}

}  // namespace

SearchSpace::SearchSpace(const core::Json& json, const Recipe& base)
    : json_(json), base_(core::config_to_json(base)) {
  if (!json.is_object() || json.empty() || json.size() > kMostFields) {
    throw core::ConfigError("E_SEARCH_SPACE", "a search space is an object of 1 to " +
                                                  std::to_string(kMostFields) +
                                                  " fields: {\"training.mixup\": [0.0, 0.2], ...}");
  }
  for (const auto& [path, value] : json.items()) fields_.push_back(read_field(path, value));
  for (const auto& field : fields_) {
    for (const auto& other : fields_) {
      if (other.path.starts_with(field.path + ".")) {
        reject(other.path, "is a part of \"" + field.path + "\", which is searched as a whole");
      }
    }
  }
  for (const auto& field : fields_) check_values(field);
}

SearchSpace::Field SearchSpace::read_field(const std::string& path, const core::Json& json) const {
  const auto steps = steps_of(path);
  if (std::ranges::find(kNotSearched, steps.front()) != kNotSearched.end()) {
    reject(path, "is not searched: it decides nothing that the inner score may choose");
  }
  const core::Json* at = find(base_, path);
  if (at == nullptr) {
    reject(path, "the recipe has no such field (ser-train --print-config shows all)");
  }
  Field field{path, nullptr};
  if (json.is_array()) {
    if (json.empty() || json.size() > kMostChoices) {
      reject(path, "a list of 1 to " + std::to_string(kMostChoices) + " values expected");
    }
    field.choices = json;
    return field;
  }
  if (!json.is_object()) {
    reject(path, "a list of values, or {\"from\": ..., \"to\": ...} expected");
  }
  for (const auto& [key, value] : json.items()) {
    if (key != "from" && key != "to" && key != "scale") {
      reject(path, "unknown key \"" + key + "\"; a range has from, to and scale");
    }
  }
  const auto end = [&](const char* key) {
    if (!json.contains(key) || !json[key].is_number()) {
      reject(path, std::string("\"") + key + "\" has to be a number");
    }
    return json[key].get<double>();
  };
  field.from = end("from");
  field.to = end("to");
  if (json.contains("scale")) {
    if (json["scale"] != "linear" && json["scale"] != "log") {
      reject(path, "\"scale\" is linear or log");
    }
    field.logarithmic = json["scale"] == "log";
  }
  constexpr double kMost = 1e15;  // integers are exact below
  // written so that NaN fails
  if (!(field.from < field.to && std::abs(field.from) <= kMost && std::abs(field.to) <= kMost)) {
    reject(path, "\"from\" has to lie below \"to\"");
  }
  if (field.logarithmic && field.from <= 0.0) {
    reject(path, "a range with scale log begins above 0");
  }
  const bool whole = json["from"].is_number_integer() && json["to"].is_number_integer();
  if (at->is_number_integer() && !whole) {
    reject(path, "takes integers, so that both ends have to be integers");
  }
  field.integer = whole && !at->is_number_float();
  return field;
}

void SearchSpace::check_values(const Field& field) const {
  const auto check = [&](core::Json value) {
    core::Json values = core::Json::object();
    values[field.path] = std::move(value);
    with(values);
  };
  if (field.choices.is_array()) {
    for (const auto& choice : field.choices) check(choice);
    return;
  }
  for (const double end : {field.from, field.to}) {
    check(field.integer ? core::Json(static_cast<std::int64_t>(end)) : core::Json(end));
  }
}

core::Json SearchSpace::Field::draw(core::RandomStream random) const {
  if (choices.is_array()) return choices[random.below(choices.size())];
  // Of integers each has a part of the range of the same width, also the two ends.
  const double margin = integer ? 0.5 : 0.0;
  const double low = from - margin;
  const double high = to + margin;
  const double drawn = logarithmic ? std::exp(random.uniform(std::log(low), std::log(high)))
                                   : random.uniform(low, high);
  if (integer) {
    return static_cast<std::int64_t>(std::clamp(std::round(drawn), from, to));
  }
  return std::clamp(rounded(drawn), from, to);
}

core::Json SearchSpace::draw(const core::RandomStream& random) const {
  core::Json values = core::Json::object();
  for (const auto& field : fields_) values[field.path] = field.draw(random.fork(field.path));
  return values;
}

Recipe SearchSpace::with(const core::Json& values) const {
  core::Json json = base_;
  for (const auto& [path, value] : values.items()) *find(json, path) = value;
  return core::config_from_json<Recipe>(json);
}

}  // namespace ser::train
