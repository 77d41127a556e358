#include "dsp/polar.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/random.h"

namespace ser::dsp {
namespace {

using FloatComplex = std::complex<float>;

struct Polar {
  std::vector<float> magnitudes;
  std::vector<float> angles;
};

Polar polar_of(const std::vector<FloatComplex>& values) {
  Polar polar{std::vector<float>(values.size()), std::vector<float>(values.size())};
  to_polar(values, polar.magnitudes, polar.angles);
  return polar;
}

// Of any sign and magnitude: random bits that make a finite number.
float any_float(core::RandomStream& random) {
  while (true) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
    if (std::isfinite(value)) return value;
  }
}

// As numbers and not as bits, so that 0 equals -0 here; their signs are looked at below.
void expect_library_angles(const std::vector<FloatComplex>& values) {
  const Polar polar = polar_of(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float expected = std::atan2(values[i].imag(), values[i].real());
    ASSERT_EQ(polar.angles[i], expected) << values[i];
    ASSERT_EQ(std::signbit(polar.angles[i]), std::signbit(expected)) << values[i];
  }
}

TEST(Polar, AnglesAreThoseOfTheCLibrary) {
#if defined(__GLIBC__) && (__GLIBC__ == 2 && __GLIBC_MINOR__ <= 40)
  core::RandomStream random(3);
  std::vector<FloatComplex> similar;
  std::vector<FloatComplex> any;
  for (int i = 0; i < 2000000; ++i) {
    similar.emplace_back(static_cast<float>(random.normal()), static_cast<float>(random.normal()));
    any.emplace_back(any_float(random), any_float(random));
  }
  expect_library_angles(similar);
  expect_library_angles(any);
#else
  GTEST_SKIP() << "another C library rounds differently";
#endif
}

TEST(Polar, AnglesOnTheAxes) {
  constexpr float kPi = 3.14159265F;
  const Polar polar = polar_of({{2, 0},
                                {0, 2},
                                {-2, 0},
                                {0, -2},
                                {-2, -0.0F},
                                {0, 0},
                                {-0.0F, 0},
                                {0, -0.0F},
                                {1, 1},
                                {-1, 1}});
  const std::vector<float> expected = {0, kPi / 2, kPi,   -kPi / 2, -kPi,
                                       0, kPi,     -0.0F, kPi / 4,  0.75F * kPi};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_FLOAT_EQ(polar.angles[i], expected[i]) << i;
    EXPECT_EQ(std::signbit(polar.angles[i]), std::signbit(expected[i])) << i;
  }
}

TEST(Polar, MagnitudesAreThoseOfTheCLibraryButFinite) {
  core::RandomStream random(4);
  std::vector<FloatComplex> values;
  for (int i = 0; i < 100000; ++i) values.emplace_back(any_float(random), any_float(random));
  const Polar polar = polar_of(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float expected = std::hypot(values[i].real(), values[i].imag());
    ASSERT_EQ(polar.magnitudes[i], std::min(expected, std::numeric_limits<float>::max()))
        << values[i];
  }
}

std::vector<float> uniform_angles(double largest, std::size_t count) {
  core::RandomStream random(5);
  std::vector<float> angles(count);
  for (float& angle : angles) angle = static_cast<float>(random.uniform(-largest, largest));
  return angles;
}

std::vector<FloatComplex> points_at(const std::vector<float>& angles, float magnitude) {
  std::vector<FloatComplex> values(angles.size());
  from_polar(std::vector<float>(angles.size(), magnitude), angles, values);
  return values;
}

// Distance in units of the last place.
double units_off(float actual, double expected) {
  const auto rounded = std::abs(static_cast<float>(expected));
  const auto unit = static_cast<double>(std::nextafter(rounded, 2.0F) - rounded);
  return std::abs(static_cast<double>(actual) - expected) / unit;
}

TEST(FromPolar, CosineAndSineAreRoundedWell) {
  for (const double largest : {1e-6, 0.8, 7.0, 1e3, 1e6}) {
    const std::vector<float> angles = uniform_angles(largest, 200000);
    const std::vector<FloatComplex> points = points_at(angles, 1.0F);
    for (std::size_t i = 0; i < angles.size(); ++i) {
      const auto angle = static_cast<double>(angles[i]);
      ASSERT_LE(units_off(points[i].real(), std::cos(angle)), 0.57) << angle;
      ASSERT_LE(units_off(points[i].imag(), std::sin(angle)), 0.57) << angle;
    }
  }
}

TEST(FromPolar, CosineAndSineAreThoseOfTheCLibrary) {
#if defined(__GLIBC__) && (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 28 && __GLIBC_MINOR__ <= 40)
  const std::vector<float> angles = uniform_angles(1e5, 1000000);
  const std::vector<FloatComplex> points = points_at(angles, 1.0F);
  std::size_t different = 0;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    if (points[i] != FloatComplex(std::cos(angles[i]), std::sin(angles[i]))) ++different;
  }
  EXPECT_LE(different, 2U);
#else
  GTEST_SKIP() << "another C library rounds differently";
#endif
}

TEST(FromPolar, TakesLargeAngles) {
  for (const double largest : {1e8, 1e10, 1e12}) {
    const std::vector<float> angles = uniform_angles(largest, 1000);
    const std::vector<FloatComplex> points = points_at(angles, 2.0F);
    const double tolerance = 2.0 * (1e-7 + 1e-16 * largest);
    for (std::size_t i = 0; i < angles.size(); ++i) {
      const auto angle = static_cast<double>(angles[i]);
      ASSERT_NEAR(static_cast<double>(points[i].real()), 2.0 * std::cos(angle), tolerance);
      ASSERT_NEAR(static_cast<double>(points[i].imag()), 2.0 * std::sin(angle), tolerance);
    }
  }
}

}  // namespace
}  // namespace ser::dsp
