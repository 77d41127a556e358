#include <algorithm>
#include <cmath>

#include "ser/dsp/butterworth.h"
#include "ser/dsp/mu_law.h"
#include "ser/dsp/resample.h"

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct TelephoneConfig {
  static constexpr const char* kKind = "telephone";
  Interval peak_db = {-20.0, 0.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("peak_db", self.peak_db,
          "least and most of the clip's peak in the codec, in decibels below its full scale",
          core::Range{-60.0, 0.0});
  }

  void check(const std::string& path) const { check_interval(path + ".peak_db", peak_db); }
};

// Through a digital telephone line and back: 8 kHz, 300 to 3,400 Hz (Butterworth filters of order
// 8), 8 bits by the mu-law of ITU-T G.711. The level in the codec, which decides how coarse the
// steps are beside the sound, is drawn; the clip keeps its own level and length.
class Telephone : public WaveformAugmentation<TelephoneConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    constexpr double kLineRateHz = 8000.0;
    constexpr double kLowestHz = 300.0;
    constexpr double kHighestHz = 3400.0;
    constexpr int kOrder = 8;
    auto line = dsp::resample(input.samples, input.sample_rate_hz, kLineRateHz);
    dsp::butterworth(line, kLineRateHz, dsp::PassBand::kHigh, kLowestHz, kOrder);
    dsp::butterworth(line, kLineRateHz, dsp::PassBand::kLow, kHighestHz, kOrder);
    double peak = 0.0;
    for (const float sample : line) peak = std::max<double>(peak, std::abs(sample));
    const double codec_peak = std::pow(10.0, draw_from(config().peak_db, random) / 20.0);
    if (peak > 0.0) {
      for (float& sample : line) {
        const auto code = dsp::mu_law_encode(static_cast<float>(sample / peak * codec_peak));
        sample = static_cast<float>(dsp::mu_law_decode(code) / codec_peak * peak);
      }
    }
    line = dsp::resample(line, kLineRateHz, input.sample_rate_hz);
    line.resize(input.samples.size(), 0.0F);
    input.samples = std::move(line);
    return input;
  }
};

}  // namespace

AugmentationType telephone_augmentation() {
  return core::configured_part_type<Telephone>(R"([{"peak_db": [-60, 0]}, {"peak_db": [-6, -6]}])");
}

}  // namespace ser::augment
