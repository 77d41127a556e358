#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <benchmark/benchmark.h>

#include "ser/core/random.h"
#include "ser/dsp/phase_vocoder.h"
#include "ser/dsp/resample.h"
#include "ser/features/extractor.h"

// Times of the signal half for one clip of 2.5 s, on one core. The signal is a gliding vowel-like
// harmonic sound in noise, since the time of some steps depends on what there is to hear.
namespace ser {
namespace {

constexpr int kRateHz = 22050;

std::vector<float> harmonic_glide(int sample_rate_hz) {
  core::RandomStream noise(1);
  std::vector<float> samples(static_cast<std::size_t>(2.5 * sample_rate_hz));
  double phase = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = static_cast<double>(i) / sample_rate_hz;
    phase += 2.0 * std::numbers::pi * (120.0 + 60.0 * time) / sample_rate_hz;
    double sample = 0.01 * noise.normal();
    for (int harmonic = 1; harmonic <= 20; ++harmonic) {
      sample += 0.2 / harmonic * std::sin(harmonic * phase);
    }
    samples[i] = static_cast<float>(sample);
  }
  return samples;
}

void BM_ClassicFeatures(benchmark::State& state) {
  const features::FeatureExtractor extractor({});
  const audio::Waveform clip{harmonic_glide(kRateHz), kRateHz};
  for (auto _ : state) benchmark::DoNotOptimize(extractor.clip_vector(clip));
}
BENCHMARK(BM_ClassicFeatures)->Unit(benchmark::kMillisecond);

void BM_EachDescriptor(benchmark::State& state) {
  const std::string name = features::descriptor_names()[static_cast<std::size_t>(state.range(0))];
  features::FeatureConfig config;
  config.descriptors = {name};
  const features::FeatureExtractor extractor(config);
  const audio::Waveform clip{harmonic_glide(kRateHz), kRateHz};
  for (auto _ : state) benchmark::DoNotOptimize(extractor.clip_vector(clip));
  state.SetLabel(name);
}
BENCHMARK(BM_EachDescriptor)
    ->DenseRange(0, static_cast<int>(features::descriptor_names().size()) - 1)
    ->Unit(benchmark::kMillisecond);

void BM_Prosody(benchmark::State& state) {
  features::FeatureConfig config;
  config.descriptors.clear();
  config.functionals = {"prosody"};
  const features::FeatureExtractor extractor(config);
  const audio::Waveform clip{harmonic_glide(kRateHz), kRateHz};
  for (auto _ : state) benchmark::DoNotOptimize(extractor.clip_vector(clip));
}
BENCHMARK(BM_Prosody)->Unit(benchmark::kMillisecond);

void BM_Resample24414(benchmark::State& state) {
  const std::vector<float> samples = harmonic_glide(24414);
  for (auto _ : state) benchmark::DoNotOptimize(dsp::resample(samples, 24414, kRateHz));
}
BENCHMARK(BM_Resample24414)->Unit(benchmark::kMillisecond);

void BM_TimeStretch(benchmark::State& state) {
  const std::vector<float> samples = harmonic_glide(kRateHz);
  for (auto _ : state) benchmark::DoNotOptimize(dsp::time_stretch(samples, 0.8));
}
BENCHMARK(BM_TimeStretch)->Unit(benchmark::kMillisecond);

void BM_PitchShift(benchmark::State& state) {
  const std::vector<float> samples = harmonic_glide(kRateHz);
  for (auto _ : state) benchmark::DoNotOptimize(dsp::pitch_shift(samples, kRateHz, 0.7));
}
BENCHMARK(BM_PitchShift)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ser
