#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "ser/augment/signal_to_noise.h"

#include "augment/interval.h"
#include "augment/recording_folder.h"
#include "augment/waveform_augmentation.h"

namespace ser::augment {
namespace {

struct RecordedNoiseConfig {
  static constexpr const char* kKind = "recorded_noise";
  std::string folder;
  Interval snr_db = {5.0, 30.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("folder", self.folder, "folder of recordings of noise");
    visit("snr_db", self.snr_db, "least and most of the signal-to-noise ratio, in decibels",
          core::Range{-60.0, 120.0});
  }

  void check(const std::string& path) const { check_interval(path + ".snr_db", snr_db); }
};

// A stretch of one of the folder's recordings in the background. One that is shorter than the clip
// starts anywhere and is repeated.
class RecordedNoise : public WaveformAugmentation<RecordedNoiseConfig> {
 public:
  RecordedNoise(const RecordedNoiseConfig& config, const std::string& path)
      : WaveformAugmentation(config, path), recordings_(config.folder, path + ".folder") {}

 protected:
  audio::Waveform alter(audio::Waveform input, core::RandomStream& random) const override {
    const std::size_t recording = random.below(recordings_.size());
    const double ratio_db = draw_from(config().snr_db, random);
    const double position = random.uniform();
    // Offsets and durations are rounded to samples of the recording; so there are enough of them.
    constexpr double kMarginS = 0.01;
    const double wanted_s = input.duration_s() + kMarginS;
    const double spare_s = recordings_.duration_s(recording) - wanted_s;
    auto noise = recordings_.read(recording, std::max(spare_s, 0.0) * position, wanted_s,
                                  input.sample_rate_hz);
    if (spare_s < 0.0) {
      const auto start = static_cast<double>(noise.size()) * position;
      std::rotate(noise.begin(), noise.begin() + static_cast<std::ptrdiff_t>(start), noise.end());
    }
    const std::size_t period = noise.size();
    noise.resize(input.samples.size());
    for (std::size_t i = period; i < noise.size(); ++i) noise[i] = noise[i - period];
    add_noise(input.samples, noise, ratio_db);
    return input;
  }

 private:
  RecordingFolder recordings_;
};

}  // namespace

AugmentationType recorded_noise_augmentation() {
  return core::configured_part_type<RecordedNoise>(
      R"([{"folder": "<recordings>"}, {"folder": "<recordings>", "snr_db": [-60, 0]}])");
}

}  // namespace ser::augment
