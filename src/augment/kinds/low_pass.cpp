#include "augment/pass_filter.h"

namespace ser::augment {
namespace {

struct LowPass {
  static constexpr const char* kKind = "low_pass";
  static constexpr dsp::PassBand kPassBand = dsp::PassBand::kLow;
  static constexpr double kLeastCutoffHz = 1500.0;
  static constexpr double kMostCutoffHz = 6000.0;
};

}  // namespace

AugmentationType low_pass_augmentation() {
  return core::configured_part_type<PassFilter<LowPass>>(
      R"([{"cutoff_hz": [20, 100000]}, {"cutoff_hz": [1000, 1000]}])");
}

}  // namespace ser::augment
