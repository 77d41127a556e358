#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ser/dsp/saturate.h"

#include "features/contour.h"
#include "features/functionals.h"
#include "features/pitch_features.h"
#include "features/statistics.h"

// How a clip is spoken: pitch, loudness, rhythm and voice quality in 30 numbers, in the spirit of
// eGeMAPS (Eyben et al., 2016), of which they are no copy. Pitch (semitones above 27.5 Hz) and
// loudness: mean, standard deviation, 20th, 50th and 80th percentile, the range between the outer
// two, mean and standard deviation (weighted by time) of the slopes of rising and of falling parts
// of the smoothed contour, a second. Pitch
// and voice quality are taken over voiced frames only. What there is none of is 0.
namespace ser::features::prosody {
namespace {

using Numbers = std::vector<float>;

class Writer {
 public:
  explicit Writer(std::span<float> values) : values_(values) {}

  void add(double value) { values_[next_++] = dsp::saturate_to_float(value); }

  void add_mean(const Numbers& numbers) {
    add(numbers.empty() ? 0.0 : average(numbers, Averaging::kDouble));
  }
  void add_mean_and_deviation(const Numbers& numbers) {
    add_mean(numbers);
    add(numbers.empty() ? 0.0 : standard_deviation(numbers));
  }

  // Weighted by time, so that parts which are mere ripples hardly count.
  void add_mean_and_deviation(const std::vector<ContourPart>& parts) {
    double time_s = 0.0;
    double change = 0.0;
    for (const ContourPart& part : parts) {
      time_s += part.length_s;
      change += part.slope * part.length_s;
    }
    const double mean = parts.empty() ? 0.0 : change / time_s;
    double squares = 0.0;
    for (const ContourPart& part : parts) {
      squares += (part.slope - mean) * (part.slope - mean) * part.length_s;
    }
    add(mean);
    add(parts.empty() ? 0.0 : std::sqrt(squares / time_s));
  }

  void add_level_and_slopes(Numbers level, const ContourSlopes& slopes) {
    add_mean_and_deviation(level);
    std::sort(level.begin(), level.end());
    const auto percentile_of = [&](double percent) {
      return level.empty() ? 0.0 : percentile(level, percent);
    };
    add(percentile_of(20.0));
    add(percentile_of(50.0));
    add(percentile_of(80.0));
    add(percentile_of(80.0) - percentile_of(20.0));
    add_mean_and_deviation(slopes.rising);
    add_mean_and_deviation(slopes.falling);
  }

 private:
  std::span<float> values_;
  std::size_t next_ = 0;
};

// Frames [first, last) that are all voiced, or none of them.
struct Segment {
  std::size_t first = 0;
  std::size_t last = 0;
  bool voiced = false;
};

std::vector<Segment> segments_of(const dsp::PitchTrack& track) {
  std::vector<Segment> segments;
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    const bool voiced = track.voiced(frame);
    if (segments.empty() || segments.back().voiced != voiced) {
      segments.push_back({frame, frame, voiced});
    }
    segments.back().last = frame + 1;
  }
  return segments;
}

}  // namespace

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const std::string contour : {"f0", "loudness"}) {
    for (const char* number : {"mean", "std", "p20", "p50", "p80", "range", "rise_mean", "rise_std",
                               "fall_mean", "fall_std"}) {
      list.push_back("prosody_" + contour + "_" + number);
    }
  }
  for (const char* number :
       {"loudness_peaks_per_s", "voiced_share", "voiced_segments_per_s", "voiced_segment_s_mean",
        "voiced_segment_s_std", "unvoiced_segment_s_mean", "unvoiced_segment_s_std",
        "harmonics_to_noise_mean", "jitter_mean", "shimmer_mean"}) {
    list.push_back(std::string("prosody_") + number);
  }
  return list;
}

int working_values(const FeatureConfig& config) { return pitch_working_values(config); }

void compute(ClipAnalysis& clip, std::span<float> values) {
  const auto& config = clip.tables().config;
  const dsp::PitchTrack& track = clip.pitch();
  const double frame_shift_s = static_cast<double>(config.hop_length) / config.sample_rate_hz;
  const double duration_s = static_cast<double>(clip.samples().size()) / config.sample_rate_hz;
  const Numbers semitones = continuous_semitones(track);

  Numbers voiced_semitones;
  ContourSlopes f0_slopes;
  Numbers voiced_s;
  Numbers unvoiced_s;
  for (const Segment& segment : segments_of(track)) {
    const std::size_t frames = segment.last - segment.first;
    const auto length_s = static_cast<float>(static_cast<double>(frames) * frame_shift_s);
    (segment.voiced ? voiced_s : unvoiced_s).push_back(length_s);
    if (!segment.voiced) continue;
    const auto part = std::span(semitones).subspan(segment.first, frames);
    voiced_semitones.insert(voiced_semitones.end(), part.begin(), part.end());
    add_slopes(smoothed_contour(part), frame_shift_s, f0_slopes);
  }
  const auto of_voiced = [&](const Numbers& all) {
    Numbers list;
    for (std::size_t frame = 0; frame < all.size(); ++frame) {
      if (track.voiced(frame)) list.push_back(all[frame]);
    }
    return list;
  };
  const Numbers contour = smoothed_contour(clip.loudness());
  ContourSlopes loudness_slopes;
  add_slopes(contour, frame_shift_s, loudness_slopes);

  Writer writer(values);
  writer.add_level_and_slopes(voiced_semitones, f0_slopes);
  writer.add_level_and_slopes(clip.loudness(), loudness_slopes);
  writer.add(peaks_of(contour) / duration_s);
  writer.add(static_cast<double>(voiced_semitones.size()) / static_cast<double>(track.frames()));
  writer.add(static_cast<double>(voiced_s.size()) / duration_s);
  writer.add_mean_and_deviation(voiced_s);
  writer.add_mean_and_deviation(unvoiced_s);
  writer.add_mean(of_voiced(clip.harmonics_to_noise_db()));
  const int window = clip.tables().pitch_tracker.frame_length();
  writer.add_mean(of_voiced(dsp::local_jitter(clip.glottal_periods(), track, window)));
  writer.add_mean(of_voiced(dsp::local_shimmer(clip.glottal_periods(), track, window)));
}

}  // namespace ser::features::prosody
