#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <string_view>
#include <vector>

#include "ser/augment/signal_to_noise.h"
#include "ser/dsp/fft.h"

#include "augment/interval.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct ColouredNoiseConfig {
  static constexpr const char* kKind = "coloured_noise";
  std::vector<std::string> colours = {"white", "pink", "brown"};
  Interval snr_db = {5.0, 30.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("colours", self.colours,
          "one of them is drawn; power falls by 0 (white), 3 (pink) or 6 dB (brown) an octave",
          core::OneOf{{"white", "pink", "brown"}});
    visit("snr_db", self.snr_db, "least and most of the signal-to-noise ratio, in decibels",
          core::Range{-60.0, 120.0});
  }

  void check(const std::string& path) const {
    check_interval(path + ".snr_db", snr_db);
    if (colours.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE", path + ".colours: must name at least one colour");
    }
  }
};

// Power falls with the frequency to this power.
double exponent_of(std::string_view colour) {
  if (colour == "pink") return 1.0;
  if (colour == "brown") return 2.0;
  return 0.0;
}

// Normal noise whose power is 1/f^exponent from 20 Hz to half the rate, and nothing below: there
// nobody hears it, but brown noise has most of its power. It is drawn as a spectrum and so is
// periodic; only clips longer than 2^20 samples hear it again.
std::vector<float> power_law_noise(std::size_t length, int sample_rate_hz, double exponent,
                                   core::RandomStream& random) {
  constexpr double kLowestHz = 20.0;
  constexpr std::size_t kShortestPeriod = 1U << 14;
  constexpr std::size_t kLongestPeriod = 1U << 20;
  const std::size_t period = std::bit_ceil(std::clamp(length, kShortestPeriod, kLongestPeriod));
  const dsp::RealFft fft(static_cast<int>(period));
  std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bins()));
  const double bin_hz = static_cast<double>(sample_rate_hz) / static_cast<double>(period);
  const auto first = static_cast<std::size_t>(
      std::min(std::ceil(kLowestHz / bin_hz), static_cast<double>(spectrum.size())));
  for (std::size_t bin = first; bin < spectrum.size(); ++bin) {
    const double amplitude = std::pow(static_cast<double>(bin), -exponent / 2.0);
    const double real = random.normal();
    spectrum[bin] = {amplitude * real, amplitude * random.normal()};
  }
  std::vector<double> noise(period);
  fft.inverse(spectrum, noise);
  double peak = 0.0;
  for (const double sample : noise) peak = std::max(peak, std::abs(sample));
  const double scale = peak > 0.0 ? 1.0 / peak : 0.0;
  std::vector<float> result(length);
  for (std::size_t i = 0; i < length; ++i) {
    result[i] = static_cast<float>(noise[i % period] * scale);
  }
  return result;
}

class ColouredNoise : public WaveformAugmentation<ColouredNoiseConfig> {
 public:
  using WaveformAugmentation::WaveformAugmentation;

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const auto& colours = config().colours;
    const double exponent = exponent_of(colours[random.below(colours.size())]);
    const double ratio_db = draw_from(config().snr_db, random);
    add_noise(input.samples,
              power_law_noise(input.samples.size(), input.sample_rate_hz, exponent, random),
              ratio_db);
    return input;
  }
};

}  // namespace

AugmentationType coloured_noise_augmentation() {
  return core::configured_part_type<ColouredNoise>(
      R"([{"colours": ["white"], "snr_db": [-60, 120]}, {"colours": ["pink"], "snr_db": [0, 0]},
          {"colours": ["brown"], "snr_db": [20, 20]}])");
}

}  // namespace ser::augment
