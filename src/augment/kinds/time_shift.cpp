#include <algorithm>

#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct TimeShiftConfig {
  static constexpr const char* kKind = "time_shift";
  int max_shift_samples = 5000;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("max_shift_samples", self.max_shift_samples,
          "the clip is rotated by up to so many samples to either side", core::Range{0, 1 << 30});
  }
};

// Rotates the clip by int(U(-max, max)) samples: what leaves it at one end comes in at the other.
class TimeShift : public WaveformAugmentation<TimeShiftConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double most = config().max_shift_samples;
    const auto length = static_cast<std::ptrdiff_t>(input.samples.size());
    const auto shift = static_cast<std::ptrdiff_t>(random.uniform(-most, most)) % length;
    const std::ptrdiff_t first = (length - shift) % length;  // becomes the first sample
    std::rotate(input.samples.begin(), input.samples.begin() + first, input.samples.end());
    return input;
  }
};

}  // namespace

AugmentationType time_shift_augmentation() {
  return core::configured_part_type<TimeShift>(
      R"([{"max_shift_samples": 0}, {"max_shift_samples": 300}])");
}

}  // namespace ser::augment
