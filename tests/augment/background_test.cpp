// Noise at a ratio, made and recorded.
#include <algorithm>
#include <complex>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/dsp/fft.h"

#include "augment/apply.h"
#include "support/temporary_folder.h"

namespace ser::augment {
namespace {

std::vector<double> power_spectrum(std::span<const float> samples) {
  const std::vector<double> signal(samples.begin(), samples.end());
  const dsp::RealFft fft(static_cast<int>(signal.size()));
  std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bins()));
  fft.forward(signal, spectrum);
  std::vector<double> power;
  for (const auto& bin : spectrum) power.push_back(std::norm(bin));
  return power;
}

TEST(ColouredNoise, HasTheRatioThatIsAskedFor) {
  const auto input = tone(440.0, 5000);
  for (const char* colour : {"white", "pink", "brown"}) {
    const std::string colours = R"({"colours": [")" + std::string(colour) + R"("], "snr_db": )";
    EXPECT_NEAR(
        signal_to_noise_db(apply("coloured_noise", colours + "[12.5, 12.5]}", input), input), 12.5,
        1e-3);
    expect_draws_from(0.0, 20.0, [&](std::uint64_t seed) {
      return signal_to_noise_db(apply("coloured_noise", colours + "[0, 20]}", input, seed), input);
    });
  }
}

TEST(ColouredNoise, FallsByItsColourFromOctaveToOctave) {
  constexpr std::size_t kLength = 1U << 16;
  const auto input = tone(440.0, kLength);
  const struct {
    const char* colour;
    double fall;  // of the power density, from one octave to the next
  } expected[] = {{"white", 1.0}, {"pink", 2.0}, {"brown", 4.0}};
  for (const auto& [colour, fall] : expected) {
    SCOPED_TRACE(colour);
    const auto output =
        apply("coloured_noise",
              R"({"colours": [")" + std::string(colour) + R"("], "snr_db": [0, 0]})", input);
    const auto power = power_spectrum(difference(output, input));
    const auto octave = [&](double from_hz) {
      double sum = 0.0;
      const auto first = static_cast<std::size_t>(from_hz * kLength / kRateHz);
      for (std::size_t bin = first; bin < 2 * first; ++bin) sum += power[bin];
      return sum / static_cast<double>(first);
    };
    for (const double from_hz : {125.0, 250.0, 500.0, 1000.0, 2000.0}) {
      // 512 bins or more, each with a standard deviation as large as its mean: 5 of the quotient's
      EXPECT_NEAR(octave(from_hz) / octave(2.0 * from_hz) / fall, 1.0, 5.0 * std::sqrt(1.5 / 512.0))
          << from_hz;
    }
    // nothing below 20 Hz but the rounding of samples to float
    double below = 0.0;
    double all = 0.0;
    for (std::size_t bin = 0; bin < power.size(); ++bin) {
      all += power[bin];
      if (static_cast<double>(bin) * kRateHz / kLength < 20.0) below += power[bin];
    }
    EXPECT_LT(below, 1e-12 * all);
  }
}

TEST(ColouredNoise, DrawsAmongItsColours) {
  const auto input = tone(440.0, 2000);
  const auto with = [&](const char* colours, std::uint64_t seed) {
    return apply("coloured_noise",
                 R"({"snr_db": [10, 10], "colours": )" + std::string(colours) + "}", input, seed)
        .samples;
  };
  int first = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto drawn = with(R"(["white", "brown"])", seed);
    const bool white = drawn == with(R"(["white", "white"])", seed);
    EXPECT_NE(white, drawn == with(R"(["brown", "brown"])", seed));
    first += white ? 1 : 0;
  }
  EXPECT_GT(first, 4);  // 20 are expected; 5 standard deviations
  EXPECT_LT(first, 36);
}

class RecordedNoise : public testing::Test {
 protected:
  void record(const char* name, std::size_t length, std::uint64_t seed) {
    core::RandomStream random(seed);
    audio::Waveform waveform{{}, kRateHz};
    for (std::size_t i = 0; i < length; ++i) {
      waveform.samples.push_back(static_cast<float>(random.uniform(-0.5, 0.5)));
    }
    audio::write_wav(folder_ / name, waveform, audio::WavFormat::kFloat32);
    recordings_.push_back(waveform.samples);
  }

  audio::Waveform with_noise(const audio::Waveform& input, std::uint64_t seed) {
    return apply("recorded_noise",
                 R"({"snr_db": [10, 10], "folder": ")" + folder_.path().string() + R"("})", input,
                 seed);
  }

  // Where in the recording the noise begins; whether all of it is that recording, going round.
  static bool is_stretch_of(const std::vector<float>& recording, const std::vector<float>& noise,
                            std::size_t& start) {
    const double scale = std::sqrt(energy_of(noise) / static_cast<double>(noise.size()) /
                                   (energy_of(recording) / static_cast<double>(recording.size())));
    for (start = 0; start < recording.size(); ++start) {
      bool same = true;
      for (std::size_t i = 0; same && i < noise.size(); ++i) {
        // the scale is that of the whole recording, the noise has that of its stretch
        same = std::abs(noise[i] - scale * recording[(start + i) % recording.size()]) < 0.1 * scale;
      }
      if (same) return true;
    }
    return false;
  }

  test::TemporaryFolder folder_;
  std::vector<std::vector<float>> recordings_;
};

TEST_F(RecordedNoise, IsAStretchOfARecordingAtTheRatio) {
  record("a.wav", 12000, 1);
  record("b.wav", 9000, 2);
  const auto input = tone(440.0, 2000);
  std::vector<std::size_t> starts[2];
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto output = with_noise(input, seed);
    ASSERT_NEAR(signal_to_noise_db(output, input), 10.0, 1e-3);
    const auto noise = difference(output, input);
    std::size_t start = 0;
    const std::size_t which = is_stretch_of(recordings_[0], noise, start) ? 0 : 1;
    ASSERT_TRUE(is_stretch_of(recordings_[which], noise, start)) << seed;
    ASSERT_LE(start + noise.size(), recordings_[which].size());  // not around its end
    starts[which].push_back(start);
  }
  for (const auto& drawn : starts) {
    EXPECT_GT(drawn.size(), 2U);  // 15 are expected; 4.7 standard deviations
    EXPECT_GT(*std::ranges::max_element(drawn) - *std::ranges::min_element(drawn), 1000U);
  }
}

TEST_F(RecordedNoise, ShortRecordingsAreRepeated) {
  record("short.wav", 700, 1);
  const auto input = tone(440.0, 2500);
  std::size_t first_start = 0;
  std::size_t start = 0;
  ASSERT_TRUE(is_stretch_of(recordings_[0], difference(with_noise(input, 1), input), first_start));
  ASSERT_TRUE(is_stretch_of(recordings_[0], difference(with_noise(input, 2), input), start));
  EXPECT_NE(start, first_start);
}

TEST_F(RecordedNoise, FollowsTheRateOfTheClip) {
  audio::write_wav(folder_ / "tone.wav", tone(1000.0, 32000), audio::WavFormat::kFloat32);
  const audio::Waveform input{std::vector<float>(22050, 0.25F), 44100};
  const auto output = with_noise(input, 1);
  ASSERT_EQ(output.samples.size(), input.samples.size());
  auto noise = audio::Waveform{difference(output, input), kRateHz};
  // 1000 Hz at 44.1 kHz, read as if at 16 kHz
  EXPECT_NEAR(frequency_of(noise), 1000.0 * 16000.0 / 44100.0, 0.1);
}

}  // namespace
}  // namespace ser::augment
