#include "features/pitch_features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ser::features {
namespace {

constexpr double kReferenceHz = 27.5;

}  // namespace

dsp::PitchConfig pitch_config(const FeatureConfig& config) {
  return {config.sample_rate_hz, config.hop_length, config.f0_lowest_hz, config.f0_highest_hz};
}

int pitch_working_values(const FeatureConfig& config) {
  return dsp::PitchTracker::working_values(pitch_config(config));
}

std::vector<float> continuous_semitones(const dsp::PitchTrack& track) {
  std::vector<float> semitones(track.frames(), 0.0F);
  std::size_t known = track.frames();  // the last voiced frame; none yet
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    if (!track.voiced(frame)) continue;
    semitones[frame] =
        static_cast<float>(12.0 * std::log2(double{track.f0_hz[frame]} / kReferenceHz));
    const bool is_first = known == track.frames();
    const std::size_t gap = is_first ? 0 : known + 1;
    for (std::size_t between = gap; between < frame; ++between) {
      const double share =
          is_first ? 1.0
                   : static_cast<double>(between - known) / static_cast<double>(frame - known);
      const double from = is_first ? 0.0 : semitones[known];
      semitones[between] = static_cast<float>(from + share * (semitones[frame] - from));
    }
    known = frame;
  }
  for (std::size_t frame = known + 1; frame < track.frames(); ++frame) {
    semitones[frame] = semitones[known];
  }
  return semitones;
}

std::vector<float> relative_semitones(const dsp::PitchTrack& track) {
  std::vector<float> semitones = continuous_semitones(track);
  std::vector<float> voiced;
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    if (track.voiced(frame)) voiced.push_back(semitones[frame]);
  }
  float median = 0.0F;
  if (!voiced.empty()) {
    const auto middle = voiced.begin() + static_cast<std::ptrdiff_t>(voiced.size() / 2);
    std::ranges::nth_element(voiced, middle);
    median = *middle;
  }
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    semitones[frame] = track.voiced(frame) ? semitones[frame] - median : 0.0F;
  }
  return semitones;
}

}  // namespace ser::features
