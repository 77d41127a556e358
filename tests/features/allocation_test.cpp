#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/random.h"
#include "ser/dsp/phase_vocoder.h"
#include "ser/features/extractor.h"

#include "support/allocations.h"

// Memory is taken for a clip, never for a frame: a clip of a thousand frames more takes as many
// pieces, apart from the few by which a growing list doubles.
namespace ser::features {
namespace {

constexpr int kRateHz = 22050;
constexpr long kDoublings = 10;

class Allocation : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::counts_allocations()) GTEST_SKIP() << "the sanitizer has its own malloc";
  }
};

audio::Waveform noisy_tone(int frames) {
  core::RandomStream random(1);
  audio::Waveform clip{std::vector<float>(static_cast<std::size_t>(frames) * 512), kRateHz};
  for (std::size_t i = 0; i < clip.samples.size(); ++i) {
    clip.samples[i] =
        static_cast<float>(0.5 * std::sin(0.06 * static_cast<double>(i)) + 0.01 * random.normal());
  }
  return clip;
}

long allocations_of(const std::function<void()>& work) {
  const long before = test::allocations();
  work();
  return test::allocations() - before;
}

TEST_F(Allocation, IsSeen) {
  EXPECT_GT(allocations_of([] { EXPECT_EQ(std::vector<int>(1000).front(), 0); }), 0);
  EXPECT_GT(allocations_of([] { EXPECT_EQ(Eigen::VectorXf::Zero(1000).eval()[0], 0.0F); }), 0);
}

TEST_F(Allocation, NoDescriptorDoesItForEachFrame) {
  const audio::Waveform clip = noisy_tone(100);
  const audio::Waveform longer = noisy_tone(1100);
  for (const std::string& descriptor : descriptor_names()) {
    FeatureConfig config;
    config.descriptors = {descriptor};
    config.statistics = statistic_names();
    const FeatureExtractor extractor(config);
    FeatureExtractor::Workspace workspace;
    extractor.clip_vector(longer, workspace);
    const long least = allocations_of([&] { extractor.clip_vector(clip, workspace); });
    const long most = allocations_of([&] { extractor.clip_vector(longer, workspace); });
    EXPECT_LE(most, least + kDoublings) << descriptor;
  }
}

// What the five matrices of the classic features would take anew.
TEST_F(Allocation, AWorkspaceKeepsItsMemory) {
  const FeatureExtractor extractor{FeatureConfig{}};
  const audio::Waveform clip = noisy_tone(100);
  FeatureExtractor::Workspace workspace;
  extractor.clip_vector(clip, workspace);
  const long kept = allocations_of([&] { extractor.clip_vector(clip, workspace); });
  const long anew = allocations_of([&] { extractor.clip_vector(clip); });
  EXPECT_LE(kept + 5, anew);
}

TEST_F(Allocation, NoEffectDoesItForEachFrame) {
  const audio::Waveform clip = noisy_tone(100);
  const audio::Waveform longer = noisy_tone(1100);
  const auto stretch = [](const audio::Waveform& wave) { dsp::time_stretch(wave.samples, 0.8); };
  stretch(longer);
  const long least = allocations_of([&] { stretch(clip); });
  const long most = allocations_of([&] { stretch(longer); });
  EXPECT_LE(most, least + kDoublings);
}

}  // namespace
}  // namespace ser::features
