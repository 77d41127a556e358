#include <cmath>
#include <cstddef>
#include <vector>

#include "ser/dsp/convolution.h"

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct RoomReverbConfig {
  static constexpr const char* kKind = "room_reverb";
  Interval reverberation_time_s = {0.2, 0.8};
  Interval direct_to_reverberant_db = {0.0, 12.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("reverberation_time_s", self.reverberation_time_s,
          "least and most of the time in which reverberation falls by 60 dB, in seconds",
          core::Range{0.01, 10.0});
    visit("direct_to_reverberant_db", self.direct_to_reverberant_db,
          "least and most of the direct sound's energy over that of the reverberation, in decibels",
          core::Range{-30.0, 60.0});
  }

  void check(const std::string& path) const {
    check_interval(path + ".reverberation_time_s", reverberation_time_s);
    check_interval(path + ".direct_to_reverberant_db", direct_to_reverberant_db);
  }
};

// A room as its statistics have it (Moorer, 1979): the direct sound, and behind it normal noise
// that decays exponentially, until it is 60 dB down. The clip keeps its length.
class RoomReverb : public WaveformAugmentation<RoomReverbConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double time_s = draw_from(config().reverberation_time_s, random);
    const double ratio_db = draw_from(config().direct_to_reverberant_db, random);
    const double length = time_s * input.sample_rate_hz;
    std::vector<double> tail(static_cast<std::size_t>(length));
    double energy = 0.0;
    for (std::size_t i = 0; i < tail.size(); ++i) {
      tail[i] = random.normal() * std::pow(10.0, -3.0 * static_cast<double>(i + 1) / length);
      energy += tail[i] * tail[i];
    }
    const double scale = energy > 0.0 ? std::sqrt(std::pow(10.0, -ratio_db / 10.0) / energy) : 0.0;
    std::vector<float> response = {1.0F};
    for (const double sample : tail) response.push_back(static_cast<float>(sample * scale));
    input.samples = dsp::convolve(input.samples, response);
    return input;
  }
};

}  // namespace

AugmentationType room_reverb_augmentation() {
  return core::configured_part_type<RoomReverb>(
      R"([{"reverberation_time_s": [0.01, 0.01], "direct_to_reverberant_db": [-30, 60]},
          {"reverberation_time_s": [2, 2]}])");
}

}  // namespace ser::augment
