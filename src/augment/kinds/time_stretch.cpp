#include "ser/dsp/phase_vocoder.h"

#include "augment/rate.h"
#include "augment/spread_config.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct StretchRate : Rate {
  static constexpr const char* kKind = "time_stretch";
  static constexpr const char* kCentreHelp = "speed; below 1 the clip becomes longer";
  static constexpr double kDefault = 0.8;
  static constexpr double kDefaultSpread = 0.0;
};

// Another speed at the same pitch.
class TimeStretch : public WaveformAugmentation<SpreadConfig<StretchRate>> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    auto stretched = dsp::time_stretch(input.samples, config().draw(random));
    // Of one sample nothing may be left; a clip of no length is of use to nobody.
    if (!stretched.empty()) input.samples = std::move(stretched);
    return input;
  }
};

}  // namespace

AugmentationType time_stretch_augmentation() {
  return core::configured_part_type<TimeStretch>(
      R"([{"rate": 4.0}, {"rate": 1.0, "rate_spread": 0.2}])");
}

}  // namespace ser::augment
