#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct OverloadConfig {
  static constexpr const char* kKind = "overload";
  Interval share = {0.001, 0.01};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("share", self.share, "least and most of the share of samples that are clipped",
          core::Range{0.0, 0.9});
  }

  void check(const std::string& path) const { check_interval(path + ".share", share); }
};

// Clipped at the level beyond which the share of the samples lies, however peaky the clip is (see
// Clipping). Of samples of one size all or none are clipped, so it may be more than the share; a
// clip of which nothing would be left stays as it is.
class Overload : public WaveformAugmentation<OverloadConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    auto& samples = input.samples;
    const auto clipped = static_cast<std::size_t>(
        std::ceil(static_cast<double>(samples.size()) * draw_from(config().share, random)));
    if (clipped == 0) return input;
    std::vector<float> sizes(samples.size());
    std::ranges::transform(samples, sizes.begin(), [](float sample) { return std::abs(sample); });
    const auto last = sizes.begin() + static_cast<std::ptrdiff_t>(clipped - 1);
    std::ranges::nth_element(sizes, last, std::ranges::greater());
    float limit = 0.0F;
    for (const float size : sizes) {
      if (size < *last) limit = std::max(limit, size);
    }
    if (limit == 0.0F) return input;
    for (float& sample : samples) sample = std::clamp(sample, -limit, limit);
    return input;
  }
};

}  // namespace

AugmentationType overload_augmentation() {
  return core::configured_part_type<Overload>(R"([{"share": [0, 0.9]}, {"share": [0.01, 0.01]}])");
}

}  // namespace ser::augment
