#include <cstddef>

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct PaddingConfig {
  static constexpr const char* kKind = "padding";
  Interval before_samples = {0.0, 1000.0};
  Interval after_samples = {0.0, 1000.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    constexpr double kMost = 1e6;
    visit("before_samples", self.before_samples, "least and most of the zeros before the clip",
          core::Range{0.0, kMost});
    visit("after_samples", self.after_samples, "least and most of the zeros behind it",
          core::Range{0.0, kMost});
  }

  void check(const std::string& path) const {
    check_interval(path + ".before_samples", before_samples);
    check_interval(path + ".after_samples", after_samples);
  }
};

// Zeros at both ends, as programs that cut and join recordings leave them.
class Padding : public WaveformAugmentation<PaddingConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const auto before = static_cast<std::size_t>(draw_from(config().before_samples, random));
    const auto after = static_cast<std::size_t>(draw_from(config().after_samples, random));
    input.samples.insert(input.samples.begin(), before, 0.0F);
    input.samples.insert(input.samples.end(), after, 0.0F);
    return input;
  }
};

}  // namespace

AugmentationType padding_augmentation() {
  return core::configured_part_type<Padding>(
      R"([{"before_samples": [0, 0], "after_samples": [0, 0]},
          {"before_samples": [100, 100], "after_samples": [100, 5000]}])");
}

}  // namespace ser::augment
