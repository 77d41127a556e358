#include "ser/dsp/mu_law.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"

#include "support/temporary_folder.h"

namespace ser::dsp {
namespace {

TEST(MuLaw, DecodesAsItsStandardSays) {
  const auto decoded = [](int code) {
    return mu_law_decode(static_cast<std::uint8_t>(code)) * 32768.0F;
  };
  EXPECT_EQ(decoded(0xFF), 0.0F);
  EXPECT_EQ(decoded(0x7F), 0.0F);
  EXPECT_EQ(decoded(0xFE), 8.0F);
  EXPECT_EQ(decoded(0x7E), -8.0F);
  EXPECT_EQ(decoded(0xF0), 120.0F);
  EXPECT_EQ(decoded(0xEF), 132.0F);  // the second segment
  EXPECT_EQ(decoded(0x80), 32124.0F);
  EXPECT_EQ(decoded(0x00), -32124.0F);
}

TEST(MuLaw, EveryCodeIsThatOfItsSample) {
  for (int code = 0; code < 256; ++code) {
    const float sample = mu_law_decode(static_cast<std::uint8_t>(code));
    EXPECT_EQ(mu_law_encode(sample), code == 0x7F ? 0xFF : code);  // 0x7F is a negative zero
  }
}

TEST(MuLaw, DecodesAsSoundFilesAreRead) {
  // A sound file whose samples are all the values that codes stand for gives them back.
  audio::Waveform all{{}, 8000};
  for (int code = 0; code < 256; ++code) {
    all.samples.push_back(mu_law_decode(static_cast<std::uint8_t>(code)));
  }
  const test::TemporaryFolder folder;
  audio::write_wav(folder / "codes.wav", all, audio::WavFormat::kMuLaw);
  const auto loaded = audio::load_audio(folder / "codes.wav");
  EXPECT_EQ(loaded.sample_format, "ULAW");
  EXPECT_EQ(loaded.waveform.samples, all.samples);
}

TEST(MuLaw, IsWithinHalfAStep) {
  for (int value = -32635; value <= 32635; ++value) {
    const auto sample = static_cast<float>(value) / 32768.0F;
    const double error = (mu_law_decode(mu_law_encode(sample)) - sample) * 32768.0;
    // a step is 8 in the first segment, where magnitude + 132 is 128 to 255, and doubles with it
    ASSERT_LE(std::abs(error), std::max(4.0, (std::abs(value) + 132) / 32.0)) << value;
  }
}

TEST(MuLaw, WhatIsOutsideIsClipped) {
  EXPECT_EQ(mu_law_encode(7.0F), 0x80);
  EXPECT_EQ(mu_law_encode(-7.0F), 0x00);
  EXPECT_EQ(mu_law_encode(std::numeric_limits<float>::infinity()), 0x80);
  EXPECT_EQ(mu_law_encode(std::numeric_limits<float>::quiet_NaN()), 0xFF);
}

}  // namespace
}  // namespace ser::dsp
