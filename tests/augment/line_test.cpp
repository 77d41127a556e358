// What microphones, amplifiers and telephone lines do.
#include <algorithm>
#include <numeric>
#include <span>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "augment/apply.h"

namespace ser::augment {
namespace {

// Amplitude of the sinusoid of that frequency in the second half of the samples.
double amplitude_at(double frequency_hz, const audio::Waveform& waveform) {
  const auto& x = waveform.samples;
  double real = 0.0;
  double imaginary = 0.0;
  for (std::size_t i = x.size() / 2; i < x.size(); ++i) {
    const double angle = 2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / kRateHz;
    real += x[i] * std::cos(angle);
    imaginary += x[i] * std::sin(angle);
  }
  return 2.0 * std::hypot(real, imaginary) / static_cast<double>(x.size() - x.size() / 2);
}

double decibels(double ratio) { return 20.0 * std::log10(ratio); }

TEST(Gain, MultipliesByADrawnFactor) {
  const auto input = tone(300.0, 1000);
  expect_draws_from(-20.0, 12.0, [&](std::uint64_t seed) {
    const auto output = apply("gain", R"({"gain_db": [-20, 12]})", input, seed);
    const double gain = output.samples[10] / static_cast<double>(input.samples[10]);
    for (std::size_t i = 0; i < 1000; ++i) {
      EXPECT_NEAR(output.samples[i], gain * input.samples[i], 1e-6);
    }
    return decibels(gain);
  });
}

TEST(Gain, IsExactWithoutARange) {
  const auto output = apply("gain", R"({"gain_db": [20, 20]})", {{0.25F, -1.0F}, kRateHz});
  EXPECT_EQ(output.samples, (std::vector<float>{2.5F, -10.0F}));
}

// In decibels, what a filter of one cutoff leaves of a sinusoid.
double filter_gain_db(const char* kind, double cutoff_hz, double frequency_hz) {
  const std::string cutoff = std::to_string(cutoff_hz);
  const auto output =
      apply(kind, R"({"cutoff_hz": [)" + cutoff + "," + cutoff + "]}", tone(frequency_hz, 16000));
  return decibels(amplitude_at(frequency_hz, output) / 0.5);
}

// Of order 4, by the formula of dsp::butterworth: `ratio` is that of the tangents.
double stop_band_db(double ratio) { return -10.0 * std::log10(1.0 + std::pow(ratio, 8.0)); }

TEST(PassFilters, KeepOneSideAndTakeTheOther) {
  const auto tangent = [](double frequency_hz) {
    return std::tan(std::numbers::pi * frequency_hz / kRateHz);
  };
  EXPECT_NEAR(filter_gain_db("low_pass", 1000.0, 100.0), 0.0, 1e-3);
  EXPECT_NEAR(filter_gain_db("low_pass", 1000.0, 1000.0), -3.0103, 1e-3);
  EXPECT_NEAR(filter_gain_db("low_pass", 1000.0, 2000.0),
              stop_band_db(tangent(2000.0) / tangent(1000.0)), 1e-2);
  EXPECT_NEAR(filter_gain_db("high_pass", 500.0, 5000.0), 0.0, 1e-3);
  EXPECT_NEAR(filter_gain_db("high_pass", 500.0, 500.0), -3.0103, 1e-3);
  EXPECT_NEAR(filter_gain_db("high_pass", 500.0, 250.0),
              stop_band_db(tangent(500.0) / tangent(250.0)), 1e-2);
}

TEST(PassFilters, CutoffsBeyondTheRateAreBroughtBack) {
  const auto input = tone(300.0, 8000);
  EXPECT_EQ(apply("low_pass", R"({"cutoff_hz": [90000, 90000]})", input).samples,
            apply("low_pass", R"({"cutoff_hz": [7200, 7200]})", input).samples);
}

TEST(Telephone, PassesSpeechAndNothingElse) {
  const auto at = [](double frequency_hz) {
    const auto input = tone(frequency_hz, 32000);
    const auto output = apply("telephone", "{}", input);
    EXPECT_EQ(output.samples.size(), input.samples.size());
    return decibels(amplitude_at(frequency_hz, output) / 0.5);
  };
  EXPECT_NEAR(at(1000.0), 0.0, 0.2);
  EXPECT_NEAR(at(2500.0), 0.0, 0.3);
  EXPECT_LT(at(100.0), -60.0);
  EXPECT_LT(at(5000.0), -60.0);
}

TEST(Telephone, QuantisesAsCoarselyAsItsCodec) {
  const auto ratio_at = [&](const std::string& peak_db) {
    auto output = apply("telephone", R"({"peak_db": [)" + peak_db + "," + peak_db + "]}",
                        tone(1017.0, 32000));
    // the second half, without the sinusoid that is in it
    const double energy = energy_of(std::span(output.samples).last(16000));
    const double amplitude = amplitude_at(1017.0, output);
    const double sine_energy = 16000.0 * amplitude * amplitude / 2.0;
    return 10.0 * std::log10(sine_energy / (energy - sine_energy));
  };
  // About 38 dB for sinusoids (Jayant and Noll, 1984), and 1 dB more for what the way back to 16
  // kHz filters out; far below full scale, where steps are all equally long, less.
  EXPECT_NEAR(ratio_at("0"), 38.5, 1.5);
  EXPECT_NEAR(ratio_at("-20"), 38.0, 2.0);
  EXPECT_LT(ratio_at("-50"), ratio_at("-20") - 5.0);
}

TEST(Telephone, KeepsTheLevelOfClipsBeyondFullScale) {
  auto input = tone(1000.0, 32000);
  for (float& sample : input.samples) sample *= 1000.0F;
  EXPECT_NEAR(decibels(amplitude_at(1000.0, apply("telephone", "{}", input)) / 500.0), 0.0, 0.2);
}

TEST(Clipping, CutsOffAtAShareOfThePeak) {
  const audio::Waveform input{{0.1F, -0.8F, 0.5F, -0.2F, 0.3F}, kRateHz};
  const auto output = apply("clipping", R"({"level": [0.5, 0.5]})", input);
  EXPECT_EQ(output.samples, (std::vector<float>{0.1F, -0.4F, 0.4F, -0.2F, 0.3F}));
  EXPECT_EQ(apply("clipping", R"({"level": [1, 1]})", input).samples, input.samples);
  expect_draws_from(0.2, 0.6, [&](std::uint64_t seed) {
    return -apply("clipping", R"({"level": [0.25, 0.75]})", input, seed).samples[1];
  });
}

TEST(Overload, ClipsAShareOfTheSamples) {
  audio::Waveform input{{}, kRateHz};
  for (int i = 1; i <= 1000; ++i) {
    input.samples.push_back(static_cast<float>((i % 2 == 0 ? 1 : -1) * i) / 1000.0F);
  }
  const auto output = apply("overload", R"({"share": [0.01, 0.01]})", input);
  for (std::size_t i = 0; i < 990; ++i) EXPECT_EQ(output.samples[i], input.samples[i]);
  for (std::size_t i = 990; i < 1000; ++i) EXPECT_EQ(std::abs(output.samples[i]), 0.99F);
  EXPECT_EQ(apply("overload", R"({"share": [0, 0]})", input).samples, input.samples);
  const audio::Waveform square{std::vector<float>(100, -0.5F), kRateHz};
  EXPECT_EQ(apply("overload", R"({"share": [0.5, 0.5]})", square).samples, square.samples);
}

TEST(Resampling, LosesWhatTheLowerRateCannotHold) {
  const auto gain_at = [](double frequency_hz) {
    const auto input = tone(frequency_hz, 32000);
    const auto output = apply("resampling", R"({"rate_hz": [8000, 8000]})", input);
    EXPECT_EQ(output.samples.size(), input.samples.size());
    return decibels(amplitude_at(frequency_hz, output) / 0.5);
  };
  EXPECT_NEAR(gain_at(1000.0), 0.0, 0.01);
  EXPECT_LT(gain_at(5000.0), -80.0);
  const auto input = tone(1000.0, 3000);
  EXPECT_EQ(apply("resampling", R"({"rate_hz": [16000, 48000]})", input).samples, input.samples);
}

TEST(Padding, PutsZerosAtBothEnds) {
  const audio::Waveform input{{0.5F, -0.25F}, kRateHz};
  EXPECT_EQ(
      apply("padding", R"({"before_samples": [3, 3], "after_samples": [1, 1]})", input).samples,
      (std::vector<float>{0.0F, 0.0F, 0.0F, 0.5F, -0.25F, 0.0F}));
}

TEST(Cropping, CutsOffBothEndsButNeverMoreThanHalf) {
  const auto input = tone(300.0, 1600);  // 0.1 s
  const auto output =
      apply("cropping", R"({"start_s": [0.01, 0.01], "end_s": [0.02, 0.02]})", input);
  EXPECT_EQ(output.samples,
            std::vector<float>(input.samples.begin() + 160, input.samples.end() - 320));
  EXPECT_EQ(apply("cropping", R"({"start_s": [9, 9], "end_s": [9, 9]})", input).samples.size(),
            800U);
  EXPECT_EQ(apply("cropping", R"({"start_s": [9, 9], "end_s": [9, 9]})", impulse(0, 1)).samples,
            (std::vector<float>{1.0F}));
}

TEST(Speed, ChangesLengthAndPitchTogether) {
  const auto input = tone(300.0, 32000);
  const auto fast = apply("speed", R"({"rate": 1.25, "rate_spread": 0})", input);
  EXPECT_EQ(fast.samples.size(), 25600U);
  EXPECT_NEAR(frequency_of(fast), 375.0, 0.5);
  const auto slow = apply("speed", R"({"rate": 0.5, "rate_spread": 0})", input);
  EXPECT_EQ(slow.samples.size(), 64000U);
  EXPECT_NEAR(frequency_of(slow), 150.0, 0.5);
}

TEST(Intervals, HaveTwoEndsInOrder) {
  for (const char* interval : {"[]", "[3]", "[3, 2]", "[1, 2, 3]", "[-90, 0]", "3"}) {
    EXPECT_THROW(apply("gain", R"({"gain_db": )" + std::string(interval) + "}", tone(300.0, 10)),
                 core::ConfigError)
        << interval;
  }
}

}  // namespace
}  // namespace ser::augment
