#include "ser/dsp/butterworth.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

#include "ser/core/error.h"
#include "ser/dsp/saturate.h"

namespace ser::dsp {
namespace {

// Transposed direct form II, in double: poles close to 1, as low cutoffs have them, need it.
class Section {
 public:
  Section() = default;
  // `warped` is tan(pi*cutoff/rate).
  Section(PassBand pass_band, double warped, double quality) {
    const double square = warped * warped;
    const double scale = 1.0 / (1.0 + warped / quality + square);
    const bool low = pass_band == PassBand::kLow;
    b0_ = low ? square * scale : scale;
    b1_ = low ? 2.0 * b0_ : -2.0 * b0_;
    a1_ = 2.0 * (square - 1.0) * scale;
    a2_ = (1.0 - warped / quality + square) * scale;
  }

  double next(double input) {
    const double output = b0_ * input + first_;
    first_ = b1_ * input - a1_ * output + second_;
    second_ = b0_ * input - a2_ * output;
    return output;
  }

 private:
  double b0_ = 0.0;  // and b2
  double b1_ = 0.0;
  double a1_ = 0.0;
  double a2_ = 0.0;
  double first_ = 0.0;
  double second_ = 0.0;
};

}  // namespace

void butterworth(std::span<float> samples, double sample_rate_hz, PassBand pass_band,
                 double cutoff_hz, int order) {
  // written so that NaN fails
  if (!(cutoff_hz > 0.0 && cutoff_hz < sample_rate_hz / 2.0)) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "cutoff of a filter: must lie between 0 and half the sample rate (" +
                                std::to_string(sample_rate_hz / 2.0) + " Hz), is " +
                                std::to_string(cutoff_hz) + " Hz");
  }
  if (order < 2 || order > kLargestButterworthOrder || order % 2 != 0) {
    throw core::ConfigError("E_CONFIG_VALUE", "order of a Butterworth filter: must be even, 2 to " +
                                                  std::to_string(kLargestButterworthOrder) +
                                                  ", is " + std::to_string(order));
  }
  const double warped = std::tan(std::numbers::pi * cutoff_hz / sample_rate_hz);
  std::array<Section, kLargestButterworthOrder / 2> storage;
  const std::span<Section> sections(storage.data(), static_cast<std::size_t>(order / 2));
  int pole_pair = 0;
  for (Section& section : sections) {
    const double angle = std::numbers::pi * (2 * pole_pair++ + 1) / (2.0 * order);
    section = Section(pass_band, warped, 1.0 / (2.0 * std::cos(angle)));
  }
  for (float& sample : samples) {
    double value = sample;
    for (Section& section : sections) value = section.next(value);
    sample = saturate_to_float(value);
  }
}

}  // namespace ser::dsp
