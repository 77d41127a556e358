#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ser/dsp/convolution.h"

#include "augment/recording_folder.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct RecordedReverbConfig {
  static constexpr const char* kKind = "recorded_reverb";
  std::string folder;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("folder", self.folder, "folder of recorded room impulse responses");
  }
};

// One of the folder's rooms. The strongest sample of a response is taken for the direct sound: what
// lies before it is cut off and it becomes 1, so that the clip stays in its place and at its level.
// Of a response at most ten seconds are used. The clip keeps its length.
class RecordedReverb : public WaveformAugmentation<RecordedReverbConfig> {
 public:
  RecordedReverb(const RecordedReverbConfig& config, const std::string& path)
      : WaveformAugmentation(config, path), responses_(config.folder, path + ".folder") {}

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    constexpr double kLongestResponseS = 10.0;
    auto response = responses_.read(random.below(responses_.size()), 0.0, kLongestResponseS,
                                    input.sample_rate_hz);
    const auto direct =
        std::ranges::max_element(response, {}, [](float sample) { return std::abs(sample); });
    const float scale = *direct;
    if (scale == 0.0F) return input;
    response.erase(response.begin(), direct);
    for (float& sample : response) sample /= scale;
    input.samples = dsp::convolve(input.samples, response);
    return input;
  }

 private:
  RecordingFolder responses_;
};

}  // namespace

AugmentationType recorded_reverb_augmentation() {
  return core::configured_part_type<RecordedReverb>(R"([{"folder": "<recordings>"}])");
}

}  // namespace ser::augment
