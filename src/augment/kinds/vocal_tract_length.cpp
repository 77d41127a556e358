#include "augment/augmentation_table.h"
#include "augment/interval.h"

namespace ser::augment {
namespace {

struct VocalTractLengthConfig {
  static constexpr const char* kKind = "vocal_tract_length";
  Interval factor = {0.9, 1.1};
  double boundary_hz = 4800.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("factor", self.factor,
          "least and most of the factor by which the mel bands move along the frequency axis",
          Range{0.5, 2.0});
    visit("boundary_hz", self.boundary_hz,
          "frequency from which on bands move less, so that the axis keeps its end",
          Range{100.0, 100000.0});
  }

  void check(const std::string& path) const { check_interval(path + ".factor", factor); }
};

// Vocal tract length perturbation (Jaitly and Hinton, 2013): another length of the speaker's vocal
// tract, by a warp of the mel filter bank. It changes the features that are made from mel bands.
class VocalTractLength : public core::ConfiguredPart<Augmentation, VocalTractLengthConfig> {
 public:
  using ConfiguredPart::ConfiguredPart;

  Stage stage() const override { return Stage::kAnalysis; }

  dsp::FrequencyWarp frequency_warp(core::RandomStream random) const override {
    return {draw_from(config().factor, random), config().boundary_hz};
  }
};

}  // namespace

AugmentationType vocal_tract_length_augmentation() {
  return core::configured_part_type<VocalTractLength>(
      R"([{"factor": [0.5, 2]}, {"factor": [1.1, 1.1], "boundary_hz": 3000}])");
}

}  // namespace ser::augment
