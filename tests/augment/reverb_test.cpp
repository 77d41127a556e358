#include <algorithm>

#include <gtest/gtest.h>

#include "ser/audio/write.h"

#include "augment/apply.h"
#include "support/temporary_folder.h"

namespace ser::augment {
namespace {

TEST(RoomReverb, IsTheDirectSoundAndADecayOfTheStatedTimeAndEnergy) {
  for (const double time_s : {0.2, 0.5, 1.5}) {
    SCOPED_TRACE(time_s);
    const std::string time = std::to_string(time_s);
    const auto output = apply("room_reverb",
                              R"({"direct_to_reverberant_db": [6, 6], "reverberation_time_s": [)" +
                                  time + "," + time + "]}",
                              impulse(0, 32000));
    ASSERT_EQ(output.samples.size(), 32000U);
    EXPECT_NEAR(output.samples[0], 1.0, 1e-6);
    const auto tail = std::span(output.samples).subspan(1);
    EXPECT_NEAR(-10.0 * std::log10(energy_of(tail)), 6.0, 1e-3);

    // The decay of the energy that is still to come (Schroeder, 1965) between -5 and -25 dB.
    double left = energy_of(tail);
    const double all = left;
    double from = 0.0;
    double to = 0.0;
    for (std::size_t i = 0; i < tail.size(); ++i) {
      left -= static_cast<double>(tail[i]) * tail[i];
      const double level_db = 10.0 * std::log10(std::max(left, 1e-30) / all);
      if (from == 0.0 && level_db < -5.0) from = static_cast<double>(i);
      if (to == 0.0 && level_db < -25.0) to = static_cast<double>(i);
    }
    EXPECT_NEAR(3.0 * (to - from) / kRateHz, time_s, 0.1 * time_s);
    const auto silent_from = static_cast<std::size_t>(time_s * kRateHz) + 1;
    for (std::size_t i = silent_from; i < tail.size(); ++i) ASSERT_NEAR(tail[i], 0.0, 1e-9);
  }
}

TEST(RoomReverb, DrawsItsRatioFromTheRange) {
  const std::string parameters =
      R"({"direct_to_reverberant_db": [0, 20], "reverberation_time_s": [0.1, 0.2]})";
  expect_draws_from(0.0, 20.0, [&](std::uint64_t seed) {
    const auto output = apply("room_reverb", parameters, impulse(0, 4000), seed);
    return -10.0 * std::log10(energy_of(std::span(output.samples).subspan(1)));
  });
}

TEST(RecordedReverb, ConvolvesWithAResponseFromItsDirectSoundOn) {
  const test::TemporaryFolder folder;
  audio::Waveform response{std::vector<float>(1000, 0.0F), kRateHz};
  response.samples[40] = 0.1F;  // before the direct sound
  response.samples[100] = -0.5F;
  response.samples[400] = 0.25F;
  audio::write_wav(folder / "hall.wav", response, audio::WavFormat::kFloat32);
  const auto output = apply("recorded_reverb", R"({"folder": ")" + folder.path().string() + R"("})",
                            impulse(10, 2000));
  ASSERT_EQ(output.samples.size(), 2000U);
  for (std::size_t i = 0; i < 2000; ++i) {
    const double expected = i == 10 ? 1.0 : i == 310 ? -0.5 : 0.0;
    ASSERT_NEAR(output.samples[i], expected, 1e-7) << i;
  }
}

}  // namespace
}  // namespace ser::augment
