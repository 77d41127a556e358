#include "ser/dsp/phase_vocoder.h"

#include "augment/spread_config.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct Semitones {
  static constexpr const char* kKind = "pitch_shift";
  static constexpr const char* kCentre = "semitones";
  static constexpr const char* kCentreHelp = "how far the pitch is raised";
  static constexpr const char* kSpread = "semitones_spread";
  static constexpr const char* kSpreadHelp =
      "the shift is drawn uniformly from semitones - semitones_spread to semitones + "
      "semitones_spread";
  static constexpr double kDefault = 0.7;
  static constexpr double kDefaultSpread = 0.0;
  static constexpr double kLeast = -24.0;
  static constexpr double kMost = 24.0;
};

// Another pitch at the same speed.
class PitchShift : public WaveformAugmentation<SpreadConfig<Semitones>> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    input.samples = dsp::pitch_shift(input.samples, input.sample_rate_hz, config().draw(random));
    return input;
  }
};

}  // namespace

AugmentationType pitch_shift_augmentation() {
  return core::configured_part_type<PitchShift>(
      R"([{"semitones": -12.0}, {"semitones": 0.0, "semitones_spread": 2.0}])");
}

}  // namespace ser::augment
