#include "ser/dsp/phase_vocoder.h"

#include "augment/configured_augmentation.h"
#include "augment/drawn_range.h"

namespace ser::augment {
namespace {

constexpr double kSlowest = 0.25;
constexpr double kFastest = 4.0;

struct TimeStretchConfig {
  static constexpr const char* kKind = "time_stretch";
  double rate = 0.8;
  double rate_spread = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate, "speed; below 1 the clip becomes longer",
          core::Range{kSlowest, kFastest});
    visit("rate_spread", self.rate_spread,
          "the speed is drawn uniformly from rate - rate_spread to rate + rate_spread",
          core::Range{0.0, (kFastest - kSlowest) / 2.0});
  }

  void check(const std::string& path) const {
    check_spread(path, rate, rate_spread, kSlowest, kFastest);
  }
};

// Another speed at the same pitch.
class TimeStretch : public ConfiguredAugmentation<TimeStretchConfig> {
 public:
  using ConfiguredAugmentation::ConfiguredAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double rate = draw_around(config().rate, config().rate_spread, random);
    auto stretched = dsp::time_stretch(input.samples, rate);
    // Of one sample nothing may be left; a clip of no length is of use to nobody.
    if (!stretched.empty()) input.samples = std::move(stretched);
    return input;
  }
};

}  // namespace

AugmentationType time_stretch_augmentation() {
  return configured_augmentation_type<TimeStretch>(
      R"([{"rate": 4.0}, {"rate": 1.0, "rate_spread": 0.2}])");
}

}  // namespace ser::augment
