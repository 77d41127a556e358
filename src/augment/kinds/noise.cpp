#include <algorithm>

#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct NoiseConfig {
  static constexpr const char* kKind = "noise";
  double amplitude = 0.015;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("amplitude", self.amplitude, "largest standard deviation, relative to the largest sample",
          core::Range{0.0, 1.0});
  }
};

// White noise as the usual recipe of the field adds it: x + amplitude * u * max(x) * n, with one u
// from U(0, 1) for the clip and one n from N(0, 1) for each sample.
class Noise : public WaveformAugmentation<NoiseConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double largest = *std::max_element(input.samples.begin(), input.samples.end());
    const double deviation = config().amplitude * random.uniform() * largest;
    for (float& sample : input.samples) {
      sample = static_cast<float>(sample + deviation * random.normal());
    }
    return input;
  }
};

}  // namespace

AugmentationType noise_augmentation() {
  return core::configured_part_type<Noise>(R"([{"amplitude": 0.0}, {"amplitude": 0.035}])");
}

}  // namespace ser::augment
