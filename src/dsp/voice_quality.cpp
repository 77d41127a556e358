#include "ser/dsp/voice_quality.h"

#include <algorithm>
#include <cmath>

#include "ser/dsp/saturate.h"

#include "dsp/self_correlation.h"

namespace ser::dsp {
namespace {

constexpr double kLeastRatioDb = -20.0;
constexpr double kLargestRatioDb = 50.0;

// The largest absolute sample in [begin, end), placed between samples by a parabola.
struct PeriodPeak {
  std::ptrdiff_t position = 0;
  double height = 0.0;
};

PeriodPeak peak_of(std::span<const float> samples, std::ptrdiff_t begin, std::ptrdiff_t end) {
  const auto height_at = [&](std::ptrdiff_t i) {
    return std::abs(static_cast<double>(samples[static_cast<std::size_t>(i)]));
  };
  PeriodPeak peak{begin, height_at(begin)};
  for (std::ptrdiff_t i = begin + 1; i < end; ++i) {
    if (height_at(i) > peak.height) peak = {i, height_at(i)};
  }
  if (peak.position == begin || peak.position + 1 == end) return peak;
  const double before = height_at(peak.position - 1);
  const double after = height_at(peak.position + 1);
  const double curvature = before + after - 2.0 * peak.height;
  const double slope = (after - before) / 2.0;
  if (curvature < 0.0) peak.height -= slope * slope / (2.0 * curvature);
  return peak;
}

// Follows the periods of one voiced stretch.
class PeriodWalk {
 public:
  PeriodWalk(std::span<const float> samples, int sample_rate_hz, const PitchTrack& track,
             std::vector<GlottalPeriod>& periods)
      : samples_(samples),
        total_(static_cast<std::ptrdiff_t>(samples.size())),
        sample_rate_hz_(sample_rate_hz),
        track_(track),
        periods_(periods) {}

  // Frames [first, last) are voiced, those beside them are not.
  void follow(std::size_t first, std::size_t last, std::size_t stretch) {
    const auto hop = static_cast<std::ptrdiff_t>(track_.hop_length);
    const auto begin =
        std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(first) * hop - hop / 2);
    const auto end = std::min(total_, static_cast<std::ptrdiff_t>(last) * hop - hop / 2);
    const auto period_at = [&](double position) {
      const auto nearest = static_cast<std::size_t>(
          std::nearbyint(position / static_cast<double>(track_.hop_length)));
      return sample_rate_hz_ / track_.f0_hz[std::clamp(nearest, first, last - 1)];
    };
    const auto first_end =
        std::min(end, begin + static_cast<std::ptrdiff_t>(period_at(static_cast<double>(begin))));
    if (first_end <= begin) return;
    auto position = static_cast<double>(peak_of(samples_, begin, first_end).position);
    while (position < static_cast<double>(end)) {
      const double expected = period_at(position);
      const int window = std::max(2, static_cast<int>(expected));
      const auto start = static_cast<std::ptrdiff_t>(std::nearbyint(position)) - window / 2;
      const int shortest = std::max(1, static_cast<int>(0.8 * expected));
      const int longest = std::max(shortest, static_cast<int>(std::ceil(1.25 * expected)));
      if (start + longest + window > total_) return;
      if (start >= 0) {
        const BestLag best = search_.best_lag(samples_, start, window, shortest, longest);
        periods_.push_back(
            {position, best.lag, peak_of(samples_, start, start + window).height, stretch});
        position += best.lag;
      } else {
        position += expected;
      }
    }
  }

 private:
  std::span<const float> samples_;
  std::ptrdiff_t total_;
  double sample_rate_hz_;
  const PitchTrack& track_;
  std::vector<GlottalPeriod>& periods_;
  SelfCorrelation search_;
};

// Mean absolute difference of consecutive values over their mean, for each frame.
std::vector<float> local_perturbation(std::span<const GlottalPeriod> periods,
                                      const PitchTrack& track, int window,
                                      double GlottalPeriod::*value) {
  std::vector<float> result(track.frames(), 0.0F);
  auto begin = periods.begin();
  for (std::size_t frame = 0; frame < result.size(); ++frame) {
    const double centre = static_cast<double>(frame) * track.hop_length;
    while (begin != periods.end() && begin->start < centre - window / 2.0) ++begin;
    double sum = 0.0;
    int count = 0;
    double differences = 0.0;
    int pairs = 0;
    for (auto i = begin; i != periods.end() && i->start < centre + window / 2.0; ++i) {
      sum += (*i).*value;
      ++count;
      if (i == begin || (i - 1)->stretch != i->stretch) continue;
      differences += std::abs((*i).*value - (*(i - 1)).*value);
      ++pairs;
    }
    if (pairs == 0 || sum <= 0.0 || !track.voiced(frame)) continue;
    result[frame] = saturate_to_float(differences / pairs / (sum / count));
  }
  return result;
}

double ratio_db(SelfCorrelation& search, std::span<const float> samples, std::ptrdiff_t centre,
                double period, int window) {
  const int shortest = std::max(1, static_cast<int>(0.97 * period) - 1);
  const int longest = static_cast<int>(std::ceil(1.03 * period)) + 1;
  const auto total = static_cast<std::ptrdiff_t>(samples.size());
  const std::ptrdiff_t half = (window + longest) / 2;
  const std::ptrdiff_t start = std::clamp<std::ptrdiff_t>(centre - half, 0, total);
  const std::ptrdiff_t end = std::clamp<std::ptrdiff_t>(centre + half, start, total);
  const auto length = static_cast<int>(end - start) - longest;
  if (length < longest) return kLeastRatioDb;
  const double correlation = search.best_lag(samples, start, length, shortest, longest).correlation;
  if (correlation <= 0.0) return kLeastRatioDb;
  if (correlation >= 1.0) return kLargestRatioDb;
  return std::clamp(10.0 * std::log10(correlation / (1.0 - correlation)), kLeastRatioDb,
                    kLargestRatioDb);
}

}  // namespace

double harmonics_to_noise_db(std::span<const float> samples, std::ptrdiff_t centre, double period,
                             int window) {
  SelfCorrelation search;
  return ratio_db(search, samples, centre, period, window);
}

std::vector<float> harmonics_to_noise_db(std::span<const float> samples, int sample_rate_hz,
                                         const PitchTrack& track, int window) {
  SelfCorrelation search;
  std::vector<float> ratios(track.frames(), 0.0F);
  for (std::size_t frame = 0; frame < track.frames(); ++frame) {
    if (!track.voiced(frame)) continue;
    const auto centre = static_cast<std::ptrdiff_t>(frame) * track.hop_length;
    const double period = sample_rate_hz / double{track.f0_hz[frame]};
    ratios[frame] = static_cast<float>(ratio_db(search, samples, centre, period, window));
  }
  return ratios;
}

std::vector<GlottalPeriod> glottal_periods(std::span<const float> samples, int sample_rate_hz,
                                           const PitchTrack& track) {
  std::vector<GlottalPeriod> periods;
  PeriodWalk walk(samples, sample_rate_hz, track, periods);
  std::size_t stretch = 0;
  for (std::size_t first = 0; first < track.frames(); ++first) {
    if (!track.voiced(first)) continue;
    std::size_t last = first + 1;
    while (last < track.frames() && track.voiced(last)) ++last;
    walk.follow(first, last, stretch++);
    first = last;
  }
  return periods;
}

std::vector<float> local_jitter(std::span<const GlottalPeriod> periods, const PitchTrack& track,
                                int window) {
  return local_perturbation(periods, track, window, &GlottalPeriod::length);
}

std::vector<float> local_shimmer(std::span<const GlottalPeriod> periods, const PitchTrack& track,
                                 int window) {
  return local_perturbation(periods, track, window, &GlottalPeriod::peak);
}

}  // namespace ser::dsp
