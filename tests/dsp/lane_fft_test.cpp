#include "dsp/lane_fft.h"

#include <complex>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/dsp/fft.h"

namespace ser::dsp {
namespace {

std::vector<double> random_signal(int size, int number) {
  core::RandomStream random(static_cast<std::uint64_t>(number) + 1);
  std::vector<double> signal(static_cast<std::size_t>(size));
  for (double& value : signal) value = random.normal();
  return signal;
}

// Lane l holds the signal number l + first.
std::vector<Lanes> random_lanes(int size, int first = 0) {
  std::vector<Lanes> values(static_cast<std::size_t>(size));
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto signal = random_signal(size, lane + first);
    for (std::size_t i = 0; i < signal.size(); ++i) values[i][lane] = signal[i];
  }
  return values;
}

// Real and imaginary parts in turn, without those that are always 0.
std::vector<double> packed(const std::vector<std::complex<double>>& spectrum, int size) {
  std::vector<double> parts = {spectrum[0].real()};
  for (std::size_t bin = 1; bin < spectrum.size(); ++bin) {
    parts.push_back(spectrum[bin].real());
    parts.push_back(spectrum[bin].imag());
  }
  parts.resize(static_cast<std::size_t>(size));
  return parts;
}

constexpr int kSizes[] = {2, 3, 8, 127, 400, 1009, 2048};

TEST(LaneFft, EqualsTheTransformOfASingleSignal) {
  for (const int size : kSizes) {
    std::vector<Lanes> values = random_lanes(size);
    LaneFft(size).forward(values);
    const RealFft single(size);
    for (int lane = 0; lane < kLanes; ++lane) {
      std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(single.bins()));
      single.forward(random_signal(size, lane), spectrum);
      const std::vector<double> expected = packed(spectrum, size);
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(values[i][lane], expected[i], 1e-14 * size) << size;
      }
    }
  }
}

TEST(LaneFft, BitsDependNeitherOnTheLaneNorOnTheOthers) {
  for (const int size : kSizes) {
    const LaneFft fft(size);
    std::vector<Lanes> values = random_lanes(size);
    std::vector<Lanes> moved = random_lanes(size, kLanes - 1);
    fft.forward(values);
    fft.forward(moved);
    // the last signal of the first is the first of the second
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(values[i][kLanes - 1], moved[i][0]) << size;
    }
  }
}

TEST(LaneFft, InverseGivesTheSignalsBack) {
  for (const int size : kSizes) {
    const std::vector<Lanes> signals = random_lanes(size);
    std::vector<Lanes> values = signals;
    const LaneFft fft(size);
    fft.forward(values);
    fft.inverse(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (int lane = 0; lane < kLanes; ++lane) {
        ASSERT_NEAR(values[i][lane], signals[i][lane], 1e-13) << size;
      }
    }
  }
}

TEST(LaneFft, RefusesImpossibleSizes) {
  for (const int size : {-1, 0, 1}) EXPECT_THROW(LaneFft{size}, core::ConfigError) << size;
}

}  // namespace
}  // namespace ser::dsp
