#include "features/pitch_features.h"

#include <gtest/gtest.h>

namespace ser::features {
namespace {

std::vector<float> semitones_of(std::vector<float> f0_hz) {
  dsp::PitchTrack track;
  track.f0_hz = std::move(f0_hz);
  return continuous_semitones(track);
}

TEST(ContinuousSemitones, BridgeWhatIsNotVoiced) {
  const auto semitones = semitones_of({0, 0, 27.5F, 0, 0, 55.0F, 110.0F, 0});
  const std::vector<float> expected = {0, 0, 0, 4, 8, 12, 24, 24};
  ASSERT_EQ(semitones.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(semitones[i], expected[i], 1e-5F);
}

TEST(ContinuousSemitones, BeginWithTheFirstVoicedFrame) {
  EXPECT_EQ(semitones_of({0, 0, 55.0F}), (std::vector<float>{12, 12, 12}));
}

TEST(ContinuousSemitones, AreZeroWithoutVoice) {
  EXPECT_EQ(semitones_of({0, 0}), (std::vector<float>{0, 0}));
  EXPECT_TRUE(semitones_of({}).empty());
}

TEST(RelativeSemitones, AreAboveTheMedianOfWhatIsVoiced) {
  dsp::PitchTrack track;
  for (const float octave : {1.0F, 2.0F}) {
    track.f0_hz = {0, 55 * octave, 0, 110 * octave, 440 * octave, 0};
    const auto semitones = relative_semitones(track);
    const std::vector<float> expected = {0, -12, 0, 0, 24, 0};
    ASSERT_EQ(semitones.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(semitones[i], expected[i], 1e-5F);
    }
  }
  track.f0_hz = {0, 0};
  EXPECT_EQ(relative_semitones(track), (std::vector<float>{0, 0}));
}

}  // namespace
}  // namespace ser::features
