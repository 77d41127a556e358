#include "support/synthetic_corpus.h"

#include <cmath>
#include <numbers>

#include "ser/audio/write.h"
#include "ser/core/random.h"

namespace ser::test {

SyntheticCorpus::SyntheticCorpus(int clips_per_class, double seconds) {
  const std::pair<const char*, double> classes[] = {
      {"high", 1760.0}, {"low", 220.0}, {"middle", 660.0}};
  for (const auto& [name, pitch_hz] : classes) {
    std::filesystem::create_directories(folder_ / name);
    for (int clip = 0; clip < clips_per_class; ++clip) {
      auto random = core::RandomStream(1).fork(name).fork(static_cast<std::uint64_t>(clip));
      const double frequency = pitch_hz * random.uniform(0.9, 1.1);
      audio::Waveform waveform;
      waveform.sample_rate_hz = 16000;
      waveform.samples.resize(static_cast<std::size_t>(seconds * waveform.sample_rate_hz));
      for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
        const double t = static_cast<double>(i) / waveform.sample_rate_hz;
        waveform.samples[i] = static_cast<float>(
            0.2 * std::sin(2 * std::numbers::pi * frequency * t) + 0.02 * random.normal());
      }
      audio::write_wav(folder_ / name / (std::to_string(clip) + ".wav"), waveform);
    }
  }
}

}  // namespace ser::test
