#include "ser/dsp/resample.h"

#include "augment/rate.h"
#include "augment/spread_config.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct PlaybackRate : Rate {
  static constexpr const char* kKind = "speed";
  static constexpr const char* kCentreHelp = "speed; above 1 the clip becomes shorter and higher";
  static constexpr double kDefault = 1.0;
  static constexpr double kDefaultSpread = 0.1;
};

// Another speed and with it another pitch, as of a tape (Ko et al., 2015): resampled, and then
// taken for a recording at the rate it had.
class Speed : public WaveformAugmentation<SpreadConfig<PlaybackRate>> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double rate_hz = input.sample_rate_hz;
    input.samples = dsp::resample(input.samples, rate_hz * config().draw(random), rate_hz);
    return input;
  }
};

}  // namespace

AugmentationType speed_augmentation() {
  return core::configured_part_type<Speed>(R"([{"rate": 4.0, "rate_spread": 0.0}, {"rate": 0.8}])");
}

}  // namespace ser::augment
