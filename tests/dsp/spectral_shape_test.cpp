#include "ser/dsp/spectral_shape.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace ser::dsp {
namespace {

constexpr double kBinHz = 10.0;

// `bins` magnitudes that are 0 but for these.
std::vector<float> spectrum(std::size_t bins,
                            const std::vector<std::pair<std::size_t, float>>& lines) {
  std::vector<float> magnitudes(bins, 0.0F);
  for (const auto& [bin, magnitude] : lines) magnitudes[bin] = magnitude;
  return magnitudes;
}

TEST(SpectralShape, OfOneLine) {
  const auto line = spectrum(101, {{40, 2.0F}});
  EXPECT_DOUBLE_EQ(spectral_centroid_hz(line, kBinHz), 400.0);
  EXPECT_DOUBLE_EQ(spectral_bandwidth_hz(line, kBinHz, 400.0), 0.0);
  EXPECT_DOUBLE_EQ(spectral_rolloff_hz(line, kBinHz), 400.0);
}

TEST(SpectralShape, OfTwoLines) {
  const auto lines = spectrum(101, {{20, 1.0F}, {60, 3.0F}});
  EXPECT_DOUBLE_EQ(spectral_centroid_hz(lines, kBinHz), 500.0);
  // 1/4 * 300^2 + 3/4 * 100^2
  EXPECT_DOUBLE_EQ(spectral_bandwidth_hz(lines, kBinHz, 500.0), std::sqrt(30000.0));
  EXPECT_DOUBLE_EQ(spectral_rolloff_hz(lines, kBinHz), 600.0);
  EXPECT_DOUBLE_EQ(spectral_rolloff_hz(spectrum(101, {{20, 9.0F}, {60, 1.0F}}), kBinHz), 200.0);
}

TEST(SpectralShape, OfAFlatSpectrum) {
  const std::vector<float> flat(101, 0.5F);
  EXPECT_NEAR(spectral_centroid_hz(flat, kBinHz), 500.0, 1e-4);
  EXPECT_NEAR(spectral_bandwidth_hz(flat, kBinHz, 500.0), std::sqrt(8500.0 * 10.0), 1e-4);
  EXPECT_NEAR(spectral_flatness(flat), 1.0, 1e-12);
  EXPECT_NEAR(spectral_slope_db_per_khz(flat, kBinHz, 0.0, 500.0), 0.0, 1e-9);
}

TEST(SpectralShape, FlatnessOfTwoPowers) {
  const std::vector<float> magnitudes = {1.0F, 2.0F};  // powers 1 and 4
  EXPECT_DOUBLE_EQ(spectral_flatness(magnitudes), 2.0 / 2.5);
}

TEST(SpectralShape, SlopeOfALine) {
  std::vector<float> magnitudes;
  // falls by 24 dB/kHz up to 500 Hz, and rises by 6 above
  for (int bin = 0; bin <= 200; ++bin) {
    const double frequency_khz = bin * kBinHz / 1000.0;
    const double level_db =
        frequency_khz <= 0.5 ? -24.0 * frequency_khz : -12.0 + 6.0 * (frequency_khz - 0.5);
    magnitudes.push_back(static_cast<float>(std::pow(10.0, level_db / 20.0)));
  }
  EXPECT_NEAR(spectral_slope_db_per_khz(magnitudes, kBinHz, 0.0, 500.0), -24.0, 1e-4);
  EXPECT_NEAR(spectral_slope_db_per_khz(magnitudes, kBinHz, 500.0, 1500.0), 6.0, 1e-4);
  EXPECT_EQ(spectral_slope_db_per_khz(magnitudes, 1000.0, 0.0, 500.0), 0.0);    // one bin
  EXPECT_EQ(spectral_slope_db_per_khz(magnitudes, 0.001, 500.0, 1500.0), 0.0);  // none
}

TEST(SpectralShape, FluxIsThatOfShapeAlone) {
  const auto one = spectrum(101, {{20, 3.0F}, {30, 4.0F}});
  const auto louder = spectrum(101, {{20, 6.0F}, {30, 8.0F}});
  const auto other = spectrum(101, {{50, 1.0F}});
  EXPECT_NEAR(spectral_flux(one, louder), 0.0, 1e-15);
  EXPECT_NEAR(spectral_flux(one, other), 2.0, 1e-15);
  EXPECT_NEAR(spectral_flux(one, spectrum(101, {{20, 1.0F}})), 0.4 * 0.4 + 0.8 * 0.8, 1e-15);
}

TEST(SpectralShape, OfSilence) {
  const std::vector<float> silence(101, 0.0F);
  EXPECT_EQ(spectral_centroid_hz(silence, kBinHz), 0.0);
  EXPECT_EQ(spectral_bandwidth_hz(silence, kBinHz, 0.0), 0.0);
  EXPECT_EQ(spectral_rolloff_hz(silence, kBinHz), 0.0);
  EXPECT_NEAR(spectral_flatness(silence), 1.0, 1e-12);
  EXPECT_EQ(spectral_slope_db_per_khz(silence, kBinHz, 0.0, 500.0), 0.0);
  EXPECT_EQ(spectral_flux(silence, std::vector<float>(101, 1.0F)), 0.0);
}

TEST(SpectralShape, OfTheLargestNumbersIsFinite) {
  const std::vector<float> huge(101, std::numeric_limits<float>::max());
  EXPECT_TRUE(std::isfinite(spectral_centroid_hz(huge, kBinHz)));
  EXPECT_TRUE(std::isfinite(spectral_bandwidth_hz(huge, kBinHz, 500.0)));
  EXPECT_TRUE(std::isfinite(spectral_rolloff_hz(huge, kBinHz)));
  EXPECT_NEAR(spectral_flatness(huge), 1.0, 1e-12);
  EXPECT_NEAR(spectral_flux(huge, huge), 0.0, 1e-15);
}

}  // namespace
}  // namespace ser::dsp
