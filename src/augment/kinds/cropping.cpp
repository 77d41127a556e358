#include <algorithm>
#include <cstddef>

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct CroppingConfig {
  static constexpr const char* kKind = "cropping";
  Interval start_s = {0.0, 0.1};
  Interval end_s = {0.0, 0.1};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    constexpr double kMost = 3600.0;
    visit("start_s", self.start_s, "least and most of what is cut off at the start, in seconds",
          core::Range{0.0, kMost});
    visit("end_s", self.end_s, "least and most of what is cut off at the end, in seconds",
          core::Range{0.0, kMost});
  }

  void check(const std::string& path) const {
    check_interval(path + ".start_s", start_s);
    check_interval(path + ".end_s", end_s);
  }
};

// Cuts off both ends, as a recorder does that starts late and stops early. A quarter of the clip at
// most is lost at each.
class Cropping : public WaveformAugmentation<CroppingConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const auto length = static_cast<double>(input.samples.size());
    const auto cut = [&](const Interval& seconds) {
      return static_cast<std::ptrdiff_t>(
          std::min(draw_from(seconds, random) * input.sample_rate_hz, length / 4.0));
    };
    const std::ptrdiff_t start = cut(config().start_s);
    const std::ptrdiff_t end = cut(config().end_s);
    input.samples.erase(input.samples.end() - end, input.samples.end());
    input.samples.erase(input.samples.begin(), input.samples.begin() + start);
    return input;
  }
};

}  // namespace

AugmentationType cropping_augmentation() {
  return core::configured_part_type<Cropping>(
      R"([{"start_s": [0, 0], "end_s": [0, 3600]}, {"start_s": [0.05, 0.05]}])");
}

}  // namespace ser::augment
