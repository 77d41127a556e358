#include <gtest/gtest.h>

#include "nn/layer_cases.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

static_assert(std::is_same_v<Scalar, double>, "central differences need double");

using test::LayerCase;
using test::LayerRun;

// Every layer is linear in each of its numbers except where a maximum changes, so a difference has
// no error of truncation, and rounding gives about 1e-16 * |loss| / kStep = 1e-9.
constexpr double kStep = 1e-5;
constexpr double kTolerance = 1e-7;
constexpr int kSamples = 40;

double loss(LayerRun& run) {
  run.forward();
  return run.y.cwiseProduct(run.dy).sum();
}

double central_difference(LayerRun& run, Scalar& number) {
  const Scalar value = number;
  number = value + kStep;
  const double above = loss(run);
  number = value - kStep;
  const double below = loss(run);
  number = value;
  return (above - below) / (2 * kStep);
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
      const auto check = [&](auto& numbers, const auto& gradient, const char* what) {
        const Index count = std::min<Index>(kSamples, numbers.size());
        for (Index sample = 0; sample < count; ++sample) {
          const Index i =
              numbers.size() <= kSamples
                  ? sample
                  : static_cast<Index>(random.below(static_cast<std::uint64_t>(numbers.size())));
          const double expected = central_difference(run, numbers.data()[i]);
          ASSERT_NEAR(gradient.data()[i], expected, kTolerance * std::max(1.0, std::abs(expected)))
              << what << "[" << i << "]";
        }
      };
      check(run.x, run.dx, "x");
      check(run.parameters, run.gradient, "parameters");
    }
  }
}

}  // namespace
}  // namespace ser::nn
