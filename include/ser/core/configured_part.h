#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/json.h"

// The toolkit grows in open lists (`*.def`) of kinds of parts. Here is what such lists have in
// common.
namespace ser::core {

// What the toolkit knows of a kind of part before there is one.
template <class Base>
struct PartType {
  std::string_view kind;
  // From an object of parameters; `path` names it in messages. Throws ConfigError.
  std::unique_ptr<Base> (*make)(const Json& parameters, const std::string& path);
  // A JSON list of parameters that the contract tests try beside the defaults.
  std::string_view examples;
};

template <class Base>
using PartTypeFunction = PartType<Base> (*)();

// A part whose parameters are a configuration struct with a constant `kKind`. Base declares kind()
// and configuration(). Config may check what its members have to keep between them:
// `void check(const std::string& path) const`, which throws ConfigError.
template <class Base, class Config>
class ConfiguredPart : public Base {
 public:
  using BaseType = Base;
  using ConfigType = Config;

  ConfiguredPart(Config config, const std::string& path) : config_(std::move(config)) {
    if constexpr (requires { config_.check(path); }) config_.check(path);
  }

  std::string_view kind() const final { return Config::kKind; }
  Json configuration() const final { return config_to_json(config_); }

 protected:
  const Config& config() const { return config_; }

 private:
  Config config_;
};

// The type of a class that is derived from ConfiguredPart and inherits its constructor.
template <class Part>
PartType<typename Part::BaseType> configured_part_type(std::string_view examples) {
  using Base = typename Part::BaseType;
  using Config = typename Part::ConfigType;
  return {Config::kKind,
          [](const Json& parameters, const std::string& path) {
            return std::unique_ptr<Base>(
                std::make_unique<Part>(config_from_json<Config>(parameters, path), path));
          },
          examples};
}

template <class Base>
std::optional<PartType<Base>> find_part_type(std::span<const PartTypeFunction<Base>> types,
                                             std::string_view kind) {
  for (const auto type : types) {
    if (type().kind == kind) return type();
  }
  return std::nullopt;
}

template <class Base>
std::vector<std::string> part_kinds(std::span<const PartTypeFunction<Base>> types) {
  std::vector<std::string> kinds;
  for (const auto type : types) kinds.emplace_back(type().kind);
  return kinds;
}

}  // namespace ser::core
