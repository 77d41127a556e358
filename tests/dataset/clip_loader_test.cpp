#include "ser/dataset/clip_loader.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::dataset {
namespace {

constexpr int kRateHz = 16000;

// Half a second of silence, half a second of sound, twice; and silence at the end.
class LoadClip : public testing::Test {
 protected:
  LoadClip() {
    audio::Waveform waveform{std::vector<float>(5 * kHalf, 0.0F), kRateHz};
    for (std::size_t i = 0; i < kHalf; ++i) {
      const auto sample = static_cast<float>(0.5 * std::sin(0.1 * static_cast<double>(i)));
      waveform.samples[kHalf + i] = sample;
      waveform.samples[3 * kHalf + i] = sample;
    }
    audio::write_wav(path_, waveform);
    clip_.offset_s = 0.0;
    clip_.duration_s.reset();
  }

  double seconds() const { return load_clip(path_, clip_, kRateHz).waveform.duration_s(); }

  static constexpr std::size_t kHalf = kRateHz / 2;
  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "paused.wav";
  ClipConfig clip_;
};

// Up to a frame (2048 samples) at each end of a sound counts as sound.
TEST_F(LoadClip, DealsWithSilenceAsConfigured) {
  EXPECT_DOUBLE_EQ(seconds(), 2.5);
  clip_.silence = "trim";
  EXPECT_NEAR(seconds(), 1.5, 0.2);
  EXPECT_GE(seconds(), 1.5);
  clip_.silence = "remove";
  EXPECT_NEAR(seconds(), 1.0, 0.3);
  EXPECT_GE(seconds(), 1.0);
}

TEST_F(LoadClip, LooksForSilenceInThePartThatIsUsed) {
  clip_.silence = "trim";
  clip_.offset_s = 0.75;
  clip_.duration_s = 0.5;  // a quarter of a second of sound, then silence
  EXPECT_NEAR(seconds(), 0.25, 0.1);
  clip_.offset_s = 2.25;  // nothing but silence: there is nothing to tell it from
  EXPECT_DOUBLE_EQ(seconds(), 0.25);
}

TEST(ClipConfig, RefusesWhatIsNoTreatmentOfSilence) {
  const auto update = [](const char* json) {
    ClipConfig config;
    core::update_config(config, core::parse_json(json, "test"));
    return config;
  };
  EXPECT_EQ(update(R"({"silence": "trim", "silence_top_db": 30})").silence_top_db, 30.0);
  EXPECT_THROW(update(R"({"silence": "cut"})"), core::ConfigError);
  EXPECT_THROW(update(R"({"silence_top_db": 0})"), core::ConfigError);
}

}  // namespace
}  // namespace ser::dataset
