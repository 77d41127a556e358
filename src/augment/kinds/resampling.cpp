#include "ser/dsp/resample.h"

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct ResamplingConfig {
  static constexpr const char* kKind = "resampling";
  Interval rate_hz = {8000.0, 16000.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate_hz", self.rate_hz,
          "least and most of the rate in between, in hertz; a higher one than the clip's changes "
          "nothing",
          core::Range{1000.0, 192000.0});
  }

  void check(const std::string& path) const { check_interval(path + ".rate_hz", rate_hz); }
};

// As stored at a lower rate: resampled to it and back, so that what lies above half of it is lost.
// The clip keeps its length.
class Resampling : public WaveformAugmentation<ResamplingConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const double rate_hz = draw_from(config().rate_hz, random);
    if (rate_hz >= input.sample_rate_hz) return input;
    const std::size_t length = input.samples.size();
    const auto stored = dsp::resample(input.samples, input.sample_rate_hz, rate_hz);
    input.samples = dsp::resample(stored, rate_hz, input.sample_rate_hz);
    input.samples.resize(length, 0.0F);
    return input;
  }
};

}  // namespace

AugmentationType resampling_augmentation() {
  return core::configured_part_type<Resampling>(
      R"([{"rate_hz": [1000, 192000]}, {"rate_hz": [8000, 8000]}])");
}

}  // namespace ser::augment
