// How far copies of recordings are from their originals, and the nearest two recordings from each
// other: ser_copy_detection TESS EmoDB. Of every third recording of each corpus altered copies are
// made in memory and looked for among all of its recordings, as the leak check does; a table says
// what share of the signs differs at the best alignment (median, largest) and how many copies were
// not found. Fails where a recording is taken for a copy of another.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ser/audio/fingerprint_index.h"
#include "ser/audio/load.h"
#include "ser/augment/signal_to_noise.h"
#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/dsp/mu_law.h"
#include "ser/dsp/resample.h"

namespace {

using namespace ser;
using audio::Waveform;

Waveform with_gain(Waveform sound, double gain_db) {
  const double gain = std::pow(10.0, gain_db / 20.0);
  for (float& sample : sound.samples) {
    sample = static_cast<float>(std::clamp(gain * static_cast<double>(sample), -1.0, 1.0));
  }
  return sound;
}

Waveform in_8_bits(Waveform sound) {
  for (float& sample : sound.samples) {
    sample = std::clamp(std::round(sample * 128.0F), -128.0F, 127.0F) / 128.0F;
  }
  return sound;
}

Waveform in_mu_law(Waveform sound) {
  for (float& sample : sound.samples) sample = dsp::mu_law_decode(dsp::mu_law_encode(sample));
  return sound;
}

Waveform resampled(Waveform sound, int rate_hz) {
  return {dsp::resample(sound.samples, sound.sample_rate_hz, rate_hz), rate_hz};
}

std::ptrdiff_t samples_of_50_ms(const Waveform& sound) { return sound.sample_rate_hz / 20; }

Waveform cropped(Waveform sound) {
  const auto begin = sound.samples.begin();
  sound.samples.erase(begin, begin + std::min(samples_of_50_ms(sound), std::ssize(sound.samples)));
  return sound;
}

Waveform padded(Waveform sound) {
  sound.samples.insert(sound.samples.begin(), static_cast<std::size_t>(samples_of_50_ms(sound)),
                       0.0F);
  return sound;
}

Waveform with_noise(Waveform sound, double snr_db, core::RandomStream random) {
  std::vector<float> noise(sound.samples.size());
  for (float& sample : noise) sample = static_cast<float>(random.normal());
  augment::add_noise(sound.samples, noise, snr_db);
  return sound;
}

struct Alteration {
  const char* name;
  std::function<Waveform(const Waveform&, const core::RandomStream&)> make;
};

const std::vector<Alteration> kAlterations = {
    {"gain -12 dB", [](const auto& sound, const auto&) { return with_gain(sound, -12.0); }},
    {"gain +12 dB, clipped", [](const auto& sound, const auto&) { return with_gain(sound, 12.0); }},
    {"8 bits", [](const auto& sound, const auto&) { return in_8_bits(sound); }},
    {"8 bits after -12 dB",
     [](const auto& sound, const auto&) { return in_8_bits(with_gain(sound, -12.0)); }},
    {"mu-law", [](const auto& sound, const auto&) { return in_mu_law(sound); }},
    {"resampled to 16 kHz", [](const auto& sound, const auto&) { return resampled(sound, 16000); }},
    {"50 ms cropped at the start", [](const auto& sound, const auto&) { return cropped(sound); }},
    {"50 ms padded at the start", [](const auto& sound, const auto&) { return padded(sound); }},
    {"noise at 30 dB",
     [](const auto& sound, const auto& random) { return with_noise(sound, 30.0, random); }},
    {"noise at 20 dB",
     [](const auto& sound, const auto& random) { return with_noise(sound, 20.0, random); }}};

// The recordings of a corpus, and all of their fingerprints.
struct Corpus {
  explicit Corpus(const std::filesystem::path& root, core::ThreadPool& pool)
      : manifest(corpus::read_corpus(root)), prints(manifest.utterances.size()) {
    pool.parallel_for(prints.size(), [&](std::size_t i, int) {
      const auto sound = load(i);
      prints[i] = audio::fingerprint(sound.samples, sound.sample_rate_hz);
    });
    for (const auto& print : prints) index.add(print.reduced());
  }

  Waveform load(std::size_t recording) const {
    return audio::load_audio(manifest.utterances[recording].path).waveform;
  }

  // How far it is from the recording, if the search proposes that at all.
  std::optional<double> difference(const audio::DetailedFingerprint& copy,
                                   std::size_t recording) const {
    for (const auto& match : index.find(copy, 1.0)) {
      if (match.number == recording) return match.difference;
    }
    return std::nullopt;
  }

  corpus::Manifest manifest;
  std::vector<audio::DetailedFingerprint> prints;
  audio::FingerprintIndex index;
};

void print_copies(const Corpus& corpus, const Alteration& alteration, core::ThreadPool& pool) {
  std::vector<std::optional<double>> found((corpus.prints.size() + 2) / 3);
  pool.parallel_for(found.size(), [&](std::size_t i, int) {
    const auto copy = alteration.make(corpus.load(3 * i), core::RandomStream(1).fork(i));
    found[i] = corpus.difference(audio::fingerprint(copy.samples, copy.sample_rate_hz), 3 * i);
  });
  std::vector<double> differences;
  std::size_t missed = 0;
  for (const auto& one : found) {
    if (one) differences.push_back(*one);
    if (!one || *one > audio::kMostDifferentSigns) ++missed;
  }
  std::ranges::sort(differences);
  if (differences.empty()) {
    std::printf("| %s | none proposed | %zu of %zu |\n", alteration.name, missed, found.size());
    return;
  }
  std::printf("| %s | %.3f (%.3f) | %zu of %zu |\n", alteration.name,
              differences[differences.size() / 2], differences.back(), missed, found.size());
}

// Whether no recording is taken for a copy of another.
bool print_nearest(const Corpus& corpus, core::ThreadPool& pool) {
  struct Pair {
    double difference = 1.0;
    std::size_t other = 0;
  };
  std::vector<Pair> nearest(corpus.prints.size());
  pool.parallel_for(nearest.size(), [&](std::size_t i, int) {
    for (const auto& match : corpus.index.find(corpus.prints[i], 1.0)) {
      if (match.number != i && match.difference < nearest[i].difference) {
        nearest[i] = {match.difference, match.number};
      }
    }
  });
  const auto least = std::ranges::min_element(nearest, {}, &Pair::difference);
  const auto first = static_cast<std::size_t>(least - nearest.begin());
  if (least->difference >= 1.0) {
    std::printf("| the nearest two recordings | none proposed | |\n");
    return true;
  }
  const auto& utterances = corpus.manifest.utterances;
  std::printf("| the nearest two recordings | %.3f | %s, %s |\n", least->difference,
              utterances[first].id.c_str(), utterances[least->other].id.c_str());
  return least->difference > audio::kMostDifferentSigns;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: ser_copy_detection CORPUS...\n");
    return 2;
  }
  try {
    core::ThreadPool pool(core::available_processors());
    bool distinct = true;
    for (int i = 1; i < argc; ++i) {
      const Corpus corpus(argv[i], pool);
      std::printf(
          "%s: %zu recordings\n\n| copies | median (largest) | not found |\n|---|---|---|\n",
          argv[i], corpus.prints.size());
      for (const auto& alteration : kAlterations) print_copies(corpus, alteration, pool);
      distinct = print_nearest(corpus, pool) && distinct;
      std::printf("\n");
    }
    return distinct ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ser_copy_detection: %s\n", error.what());
    return 2;
  }
}
