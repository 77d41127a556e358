#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ser/dsp/phase_vocoder.h"

#include "golden/librosa_reference.h"

namespace ser::golden {
namespace {

constexpr int kRateHz = 22050;

std::vector<float> apply_effect(const std::string& effect, const std::vector<float>& samples) {
  if (effect == "time_stretch_0.8") return dsp::time_stretch(samples, 0.8);
  if (effect == "pitch_shift_0.7") return dsp::pitch_shift(samples, kRateHz, 0.7);
  if (effect == "stretch0.8_then_pitch0.7") {
    return dsp::pitch_shift(dsp::time_stretch(samples, 0.8), kRateHz, 0.7);
  }
  ADD_FAILURE() << "unknown effect " << effect;
  return samples;
}

double signal_to_noise_db(const std::vector<float>& actual, const std::vector<float>& expected) {
  double signal = 0.0;
  double noise = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = static_cast<double>(actual[i]) - static_cast<double>(expected[i]);
    signal += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
    noise += difference * difference;
  }
  return 10.0 * std::log10(signal / noise);
}

class EffectSignals : public testing::TestWithParam<const char*> {};

TEST_P(EffectSignals, EqualLibrosas) {
  const std::string name = GetParam();
  const std::vector<float> samples = load_clip("wav/" + name + ".wav").samples;
  ASSERT_EQ(samples, reference_signal(name + ".y"));
  const auto expected_stretch = reference_signal(name + ".time_stretch_0.8");
  const auto stretched = apply_effect("time_stretch_0.8", samples);
  ASSERT_EQ(stretched.size(), expected_stretch.size());
  EXPECT_GE(signal_to_noise_db(stretched, expected_stretch), 120.0);
  const auto expected_shift = reference_signal(name + ".pitch_shift_0.7");
  const auto shifted = apply_effect("pitch_shift_0.7", samples);
  ASSERT_EQ(shifted.size(), expected_shift.size());
  EXPECT_GE(signal_to_noise_db(shifted, expected_shift), 110.0);
}

INSTANTIATE_TEST_SUITE_P(Librosa, EffectSignals,
                         testing::Values("speech07_16000", "speech12_24414",
                                         "sweep_24414_s16_mono"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(EffectSignals, TwoInARowEqualLibrosas) {
  const auto samples = load_clip("wav/speech12_24414.wav").samples;
  const auto expected = reference_signal("speech12_24414.stretch0.8_then_pitch0.7");
  const auto actual = apply_effect("stretch0.8_then_pitch0.7", samples);
  ASSERT_EQ(actual.size(), expected.size());
  EXPECT_GE(signal_to_noise_db(actual, expected), 110.0);
}

class EffectFeatures : public testing::TestWithParam<ReferenceClip> {};

// In a constant signal all bins but two hold nothing but the rounding of the Fourier transform, and
// their phases decide how the vocoder continues at the end of the clip. librosa moves by this much
// when it is given another transform (README.md beside this file).
constexpr Deviation kToleranceOfConstant = {
    .zero_crossing_rate = 0.0, .chroma = 1.4e-3, .mfcc = 3.7e-2, .rms = 7.8e-7, .mel = 4.1e-3};

TEST_P(EffectFeatures, EqualLibrosas) {
  const ReferenceClip& clip = GetParam();
  const bool constant = clip.path == "wav/dc_22050_s16.wav";
  const std::vector<float> samples = load_clip(clip.path).samples;
  ASSERT_EQ(clip.effects.size(), 3U);
  for (const auto& [effect, expected] : clip.effects) {
    SCOPED_TRACE(effect);
    const audio::Waveform changed{apply_effect(effect, samples), kRateHz};
    ASSERT_EQ(changed.samples.size(), expected.samples);
    expect_within(deviation_from(expected, changed), constant ? kToleranceOfConstant : kTolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Librosa, EffectFeatures, testing::ValuesIn(reference_clips()),
                         [](const auto& instance) { return test_name(instance.param.path); });

}  // namespace
}  // namespace ser::golden
