#include <algorithm>
#include <cmath>

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct ClippingConfig {
  static constexpr const char* kKind = "clipping";
  Interval level = {0.2, 0.8};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("level", self.level, "least and most of where it is clipped, as a share of the peak",
          core::Range{0.001, 1.0});
  }

  void check(const std::string& path) const { check_interval(path + ".level", level); }
};

// As recorded with too much gain: what lies beyond a share of the clip's largest absolute sample is
// cut off there.
class Clipping : public WaveformAugmentation<ClippingConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    float peak = 0.0F;
    for (const float sample : input.samples) peak = std::max(peak, std::abs(sample));
    const auto limit = static_cast<float>(peak * draw_from(config().level, random));
    for (float& sample : input.samples) sample = std::clamp(sample, -limit, limit);
    return input;
  }
};

}  // namespace

AugmentationType clipping_augmentation() {
  return core::configured_part_type<Clipping>(R"([{"level": [0.001, 1]}, {"level": [0.5, 0.5]}])");
}

}  // namespace ser::augment
