#include "augment/pass_filter.h"

namespace ser::augment {
namespace {

struct HighPass {
  static constexpr const char* kKind = "high_pass";
  static constexpr dsp::PassBand kPassBand = dsp::PassBand::kHigh;
  static constexpr double kLeastCutoffHz = 80.0;
  static constexpr double kMostCutoffHz = 400.0;
};

}  // namespace

AugmentationType high_pass_augmentation() {
  return core::configured_part_type<PassFilter<HighPass>>(
      R"([{"cutoff_hz": [20, 100000]}, {"cutoff_hz": [1000, 1000]}])");
}

}  // namespace ser::augment
