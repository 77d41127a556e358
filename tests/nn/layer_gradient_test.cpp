#include <algorithm>

#include <gtest/gtest.h>

#include "nn/layer_cases.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

static_assert(std::is_same_v<Scalar, double>, "central differences need double");

using test::LayerCase;
using test::LayerRun;

// Rounding gives an error of about 1e-16 * |loss| / kGradientStep = 1e-9. Many layers are linear in
// each of their numbers except where a maximum changes; of the others a difference of fourth order
// has an error of truncation of fifth derivative * kGradientStep^4 / 30 = 1e-21.
constexpr double kGradientStep = 1e-5;
constexpr double kGradientTolerance = 1e-7;
constexpr int kSamples = 40;

double loss(LayerRun& run) {
  run.forward();
  return run.y.cwiseProduct(run.dy).sum();
}

double central_difference(LayerRun& run, Scalar& number) {
  const Scalar value = number;
  const auto slope = [&](double step) {
    number = value + step;
    const double above = loss(run);
    number = value - step;
    const double below = loss(run);
    number = value;
    return (above - below) / (2 * step);
  };
  return (4 * slope(kGradientStep) - slope(2 * kGradientStep)) / 3;
}

TEST(LayerGradient, EqualsCentralDifferences) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      SCOPED_TRACE(layer_case.name);
      const auto layer = make_layer(layer_case.json);
      LayerRun run(*layer, layer_case.input, 3, mode);
      run.forward();
      run.backward();
      core::RandomStream random(2);
      const auto check = [&](auto& numbers, const auto& gradient, const char* what,
                             const std::vector<ParameterRange>& left_out = {}) {
        const Index count = std::min<Index>(kSamples, numbers.size());
        for (Index sample = 0; sample < count; ++sample) {
          const Index i =
              numbers.size() <= kSamples
                  ? sample
                  : static_cast<Index>(random.below(static_cast<std::uint64_t>(numbers.size())));
          if (std::ranges::any_of(left_out, [i](const ParameterRange& range) {
                return i >= range.begin && i < range.begin + range.size;
              })) {
            continue;
          }
          const double expected = central_difference(run, numbers.data()[i]);
          ASSERT_NEAR(gradient.data()[i], expected,
                      kGradientTolerance * std::max(1.0, std::abs(expected)))
              << what << "[" << i << "]";
        }
      };
      check(run.x, run.dx, "x");
      // Statistics follow the data, so what stands in their place is no gradient.
      check(run.parameters, run.gradient, "parameters", layer->statistics(layer_case.input));
    }
  }
}

}  // namespace
}  // namespace ser::nn
