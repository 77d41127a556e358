#include <cstddef>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "ser/augment/augmentation.h"

// Times of the augmentations of a clip of 2.5 s with their defaults, on one core.
namespace ser::augment {
namespace {

constexpr int kRateHz = 22050;

audio::Waveform some_clip() {
  core::RandomStream random(1);
  audio::Waveform clip{std::vector<float>(static_cast<std::size_t>(2.5 * kRateHz)), kRateHz};
  for (float& sample : clip.samples) sample = static_cast<float>(0.1 * random.normal());
  return clip;
}

// Those of samples that need no folder of recordings.
std::vector<std::string> timed_kinds() {
  std::vector<std::string> kinds;
  for (const auto& kind : augmentation_kinds()) {
    if (kind.starts_with("recorded_")) continue;
    if (make_augmentation(kind, core::Json::object())->stage() == Stage::kWaveform) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

void BM_EachAugmentation(benchmark::State& state) {
  const std::string kind = timed_kinds()[static_cast<std::size_t>(state.range(0))];
  const auto augmentation = make_augmentation(kind, core::Json::object());
  const audio::Waveform clip = some_clip();
  std::uint64_t seed = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(augmentation->apply(clip, core::RandomStream(seed++)));
  }
  state.SetLabel(kind);
}
BENCHMARK(BM_EachAugmentation)
    ->DenseRange(0, static_cast<int>(timed_kinds().size()) - 1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ser::augment
