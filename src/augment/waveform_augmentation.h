#pragma once

#include <utility>

#include "ser/augment/finite.h"

#include "augment/augmentation_table.h"

namespace ser::augment {

// An augmentation of samples. It keeps what every such augmentation promises; a kind only alters
// samples, which it is given finite.
template <class Config>
class WaveformAugmentation : public core::ConfiguredPart<Augmentation, Config> {
 public:
  using core::ConfiguredPart<Augmentation, Config>::ConfiguredPart;

  Stage stage() const final { return Stage::kWaveform; }

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
  // Of at least one sample.
  virtual audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const = 0;
};

}  // namespace ser::augment
