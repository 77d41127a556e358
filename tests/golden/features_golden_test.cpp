#include <gtest/gtest.h>

#include "ser/dsp/stft.h"
#include "ser/dsp/tuning.h"

#include "golden/librosa_reference.h"

namespace ser::golden {
namespace {

class ClassicFeatures : public testing::TestWithParam<ReferenceClip> {};

TEST_P(ClassicFeatures, EqualLibrosas) {
  const ReferenceClip& clip = GetParam();
  const audio::Waveform waveform = load_clip(clip.path);
  ASSERT_EQ(waveform.samples.size(), clip.plain.samples);
  const auto magnitudes = dsp::Stft(2048, 512).magnitudes(waveform.samples);
  EXPECT_EQ(dsp::estimate_tuning(magnitudes, 22050, 2048), clip.tuning);
  expect_within(deviation_from(clip.plain, waveform), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Librosa, ClassicFeatures, testing::ValuesIn(reference_clips()),
                         [](const auto& instance) { return test_name(instance.param.path); });

}  // namespace
}  // namespace ser::golden
