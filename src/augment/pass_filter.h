#pragma once

#include <algorithm>
#include <string>

#include "ser/dsp/butterworth.h"

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {

// Definition has kKind, kPassBand, and the default kLeastCutoffHz and kMostCutoffHz.
template <class Definition>
struct PassFilterConfig {
  static constexpr const char* kKind = Definition::kKind;
  Interval cutoff_hz = {Definition::kLeastCutoffHz, Definition::kMostCutoffHz};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("cutoff_hz", self.cutoff_hz,
          "least and most of the frequency where 3 dB are lost, in hertz; it counts as 0.45 of the "
          "sample rate where it is higher",
          core::Range{10.0, 100000.0});
  }

  void check(const std::string& path) const { check_interval(path + ".cutoff_hz", cutoff_hz); }
};

// A Butterworth filter of order 4: 24 dB an octave.
template <class Definition>
class PassFilter : public WaveformAugmentation<PassFilterConfig<Definition>> {
 public:
  using WaveformAugmentation<PassFilterConfig<Definition>>::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    constexpr int kOrder = 4;
    const double cutoff_hz =
        std::min(draw_from(this->config().cutoff_hz, random), 0.45 * input.sample_rate_hz);
    dsp::butterworth(input.samples, input.sample_rate_hz, Definition::kPassBand, cutoff_hz, kOrder);
    return input;
  }
};

}  // namespace ser::augment
