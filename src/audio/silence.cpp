#include "ser/audio/silence.h"

#include <algorithm>
#include <cmath>

#include "ser/dsp/root_mean_square.h"

namespace ser::audio {
namespace {

constexpr int kFrameLength = 2048;
constexpr std::size_t kHopLength = 512;
// Weaker frames count as this, so that silence has a level.
constexpr float kLeastAmplitude = 1e-5F;

double level_db(float amplitude) {
  return 20.0 * std::log10(static_cast<double>(std::max(amplitude, kLeastAmplitude)));
}

}  // namespace

std::vector<SampleRange> sounding_parts(std::span<const float> samples, double top_db) {
  std::vector<SampleRange> parts;
  if (samples.empty()) return parts;
  const auto levels = dsp::root_mean_square(samples, kFrameLength, static_cast<int>(kHopLength));
  const double loudest_db = level_db(*std::max_element(levels.begin(), levels.end()));
  for (std::size_t frame = 0; frame < levels.size(); ++frame) {
    if (level_db(levels[frame]) - loudest_db <= -top_db) continue;
    const std::size_t begin = frame * kHopLength;
    const std::size_t end = std::min(begin + kHopLength, samples.size());
    // the last frame of a recording may be centred on its end
    if (begin >= end) continue;
    if (!parts.empty() && parts.back().end == begin) {
      parts.back().end = end;
    } else {
      parts.push_back({begin, end});
    }
  }
  return parts;
}

Waveform trim_silence(const Waveform& waveform, double top_db) {
  const auto parts = sounding_parts(waveform.samples, top_db);
  Waveform trimmed{{}, waveform.sample_rate_hz};
  if (parts.empty()) return trimmed;
  const auto begin = waveform.samples.begin();
  trimmed.samples.assign(begin + static_cast<std::ptrdiff_t>(parts.front().begin),
                         begin + static_cast<std::ptrdiff_t>(parts.back().end));
  return trimmed;
}

Waveform remove_silence(const Waveform& waveform, double top_db) {
  Waveform sounding{{}, waveform.sample_rate_hz};
  const auto begin = waveform.samples.begin();
  for (const auto& part : sounding_parts(waveform.samples, top_db)) {
    sounding.samples.insert(sounding.samples.end(), begin + static_cast<std::ptrdiff_t>(part.begin),
                            begin + static_cast<std::ptrdiff_t>(part.end));
  }
  return sounding;
}

}  // namespace ser::audio
