#include <cmath>

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct GainConfig {
  static constexpr const char* kKind = "gain";
  Interval gain_db = {-10.0, 10.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("gain_db", self.gain_db, "least and most of the gain, in decibels",
          core::Range{-80.0, 80.0});
  }

  void check(const std::string& path) const { check_interval(path + ".gain_db", gain_db); }
};

// Louder or softer. Full scale is no limit: samples are not clipped.
class Gain : public WaveformAugmentation<GainConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double factor = std::pow(10.0, draw_from(config().gain_db, random) / 20.0);
    for (float& sample : input.samples) sample = static_cast<float>(sample * factor);
    return input;
  }
};

}  // namespace

AugmentationType gain_augmentation() {
  return core::configured_part_type<Gain>(R"([{"gain_db": [-80, 80]}, {"gain_db": [6, 6]}])");
}

}  // namespace ser::augment
