#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ser/audio/waveform.h"
#include "ser/core/json.h"
#include "ser/core/random.h"

namespace ser::augment {

// Changes a recording at random, as training wants it: same recording, same stream, same result.
// Implementations keep the sample rate and give finite samples, whatever they are given.
class Augmentation {
 public:
  virtual ~Augmentation() = default;
  virtual std::string_view kind() const = 0;
  // The effective parameters, as an object that make_augmentation() takes.
  virtual core::Json parameters() const = 0;
  virtual audio::Waveform apply(const audio::Waveform& input, core::RandomStream random) const = 0;
};

// Makes the augmentation `kind` of augmentations.def from its parameters (an object; what it does
// not name keeps its default). Throws ConfigError (E_CONFIG_KEY for an unknown kind or parameter,
// E_CONFIG_VALUE); `path` names the place in messages.
std::unique_ptr<Augmentation> make_augmentation(std::string_view kind, const core::Json& parameters,
                                                const std::string& path = "augment");

std::vector<std::string> augmentation_kinds();

}  // namespace ser::augment
