#include "ser/dsp/phase_vocoder.h"

#include "augment/configured_augmentation.h"
#include "augment/drawn_range.h"

namespace ser::augment {
namespace {

constexpr double kMostSemitones = 24.0;

struct PitchShiftConfig {
  static constexpr const char* kKind = "pitch_shift";
  double semitones = 0.7;
  double semitones_spread = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("semitones", self.semitones, "how far the pitch is raised",
          core::Range{-kMostSemitones, kMostSemitones});
    visit("semitones_spread", self.semitones_spread,
          "the shift is drawn uniformly from semitones - semitones_spread to semitones + "
          "semitones_spread",
          core::Range{0.0, kMostSemitones});
  }

  void check(const std::string& path) const {
    check_spread(path, semitones, semitones_spread, -kMostSemitones, kMostSemitones);
  }
};

// Another pitch at the same speed.
class PitchShift : public ConfiguredAugmentation<PitchShiftConfig> {
 public:
  using ConfiguredAugmentation::ConfiguredAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double semitones = draw_around(config().semitones, config().semitones_spread, random);
    input.samples = dsp::pitch_shift(input.samples, input.sample_rate_hz, semitones);
    return input;
  }
};

}  // namespace

AugmentationType pitch_shift_augmentation() {
  return configured_augmentation_type<PitchShift>(
      R"([{"semitones": -12.0}, {"semitones": 0.0, "semitones_spread": 2.0}])");
}

}  // namespace ser::augment
