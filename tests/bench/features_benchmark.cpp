#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numbers>
#include <vector>

#include <benchmark/benchmark.h>
#include <soxr.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/dsp/phase_vocoder.h"
#include "ser/dsp/resample.h"
#include "ser/features/extractor.h"

#include "support/temporary_folder.h"

// Times of the signal half for one clip of 2.5 s, on one core. The signal is a gliding vowel-like
// harmonic sound in noise, since the time of some steps depends on what there is to hear.
namespace ser {
namespace {

constexpr int kRateHz = 22050;
constexpr int kSourceRateHz = 24414;

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

// libsoxr alone, as its manual shows it: the floor of what reading a clip can take.
void BM_SoxrAlone(benchmark::State& state) {
  const std::vector<float> samples = harmonic_glide(kSourceRateHz);
  std::vector<float> resampled(static_cast<std::size_t>(2.5 * kRateHz));
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  for (auto _ : state) {
    std::size_t written = 0;
    soxr_oneshot(kSourceRateHz, kRateHz, 1, samples.data(), samples.size(), nullptr,
                 resampled.data(), resampled.size(), &written, nullptr, &quality, nullptr);
    benchmark::DoNotOptimize(resampled.data());
  }
}
BENCHMARK(BM_SoxrAlone)->Unit(benchmark::kMillisecond);

// From a 16-bit WAV at 24,414 Hz to the 162 numbers; reading alone if the argument is 0.
void BM_FileToClassicFeatures(benchmark::State& state) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "clip.wav";
  audio::write_wav(path, {harmonic_glide(kSourceRateHz), kSourceRateHz});
  audio::LoadOptions options;
  options.sample_rate_hz = kRateHz;
  const features::FeatureExtractor extractor({});
  features::FeatureExtractor::Workspace workspace;
  for (auto _ : state) {
    const auto loaded = audio::load_audio(path, options);
    if (state.range(0) == 1) {
      benchmark::DoNotOptimize(extractor.clip_vector(loaded.waveform, workspace));
    }
  }
}
BENCHMARK(BM_FileToClassicFeatures)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// 500 clips by as many workers as the argument says: wall time, and processor time of all of them,
// which tells on a busy machine whether they hinder each other.
void BM_FiveHundredClips(benchmark::State& state) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "clip.wav";
  audio::write_wav(path, {harmonic_glide(kSourceRateHz), kSourceRateHz});
  audio::LoadOptions options;
  options.sample_rate_hz = kRateHz;
  const features::FeatureExtractor extractor({});
  core::ThreadPool pool(static_cast<int>(state.range(0)));
  std::vector<features::FeatureExtractor::Workspace> workspaces(
      static_cast<std::size_t>(pool.jobs()));
  for (auto _ : state) {
    pool.parallel_for(500, [&](std::size_t, int worker) {
      const auto loaded = audio::load_audio(path, options);
      benchmark::DoNotOptimize(
          extractor.clip_vector(loaded.waveform, workspaces[static_cast<std::size_t>(worker)]));
    });
  }
}
BENCHMARK(BM_FiveHundredClips)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

void BM_ClassicFeatures(benchmark::State& state) {
  const features::FeatureExtractor extractor({});
  features::FeatureExtractor::Workspace workspace;
  const audio::Waveform clip{harmonic_glide(kRateHz), kRateHz};
  for (auto _ : state) benchmark::DoNotOptimize(extractor.clip_vector(clip, workspace));
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
  const std::vector<float> samples = harmonic_glide(kSourceRateHz);
  for (auto _ : state) benchmark::DoNotOptimize(dsp::resample(samples, kSourceRateHz, kRateHz));
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
