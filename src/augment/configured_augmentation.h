#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ser/augment/augmentation.h"
#include "ser/core/config.h"

#include "augment/augmentation_table.h"
#include "augment/finite.h"

namespace ser::augment {

// An augmentation whose parameters are a configuration struct with a constant `kKind`. It keeps
// what every augmentation promises; a kind only alters samples, which it is given finite.
template <class Config>
class ConfiguredAugmentation : public Augmentation {
 public:
  using ConfigType = Config;

  explicit ConfiguredAugmentation(Config config) : config_(std::move(config)) {}

  std::string_view kind() const final { return Config::kKind; }
  core::Json parameters() const final { return core::config_to_json(config_); }

  audio::Waveform apply(const audio::Waveform& input, core::RandomStream random) const final {
    audio::Waveform output = input;
    if (output.samples.empty()) return output;
    make_finite(output.samples);
    auto altered = alter(std::move(output), random);
    make_finite(altered.samples);
    altered.sample_rate_hz = input.sample_rate_hz;
    return altered;
  }

 protected:
  const Config& config() const { return config_; }

  // Of at least one sample.
  virtual audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const = 0;

 private:
  Config config_;
};

// Config may check what its members have to keep between them: `void check(path) const`.
template <class AugmentationClass>
AugmentationType configured_augmentation_type(std::string_view examples) {
  using Config = typename AugmentationClass::ConfigType;
  return {Config::kKind,
          [](const core::Json& parameters, const std::string& path) {
            const auto config = core::config_from_json<Config>(parameters, path);
            if constexpr (requires { config.check(path); }) config.check(path);
            return std::unique_ptr<Augmentation>(std::make_unique<AugmentationClass>(config));
          },
          examples};
}

}  // namespace ser::augment
