#include <algorithm>

#include "augment/augmentation_table.h"

namespace ser::augment {
namespace {

struct SpecAugmentConfig {
  static constexpr const char* kKind = "spec_augment";
  int time_masks = 2;
  double time_share = 0.15;
  int frequency_masks = 2;
  double frequency_share = 0.2;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("time_masks", self.time_masks, "stretches of frames that are masked", Range{0, 16});
    visit("time_share", self.time_share, "longest of them, as a share of the clip",
          Range{0.0, 1.0});
    visit("frequency_masks", self.frequency_masks, "stretches of bands that are masked",
          Range{0, 16});
    visit("frequency_share", self.frequency_share, "widest of them, as a share of the bands",
          Range{0.0, 1.0});
  }
};

// A stretch of [0, length): as in the paper, first how long it is, from 0 to the longest, then
// where it starts.
dsp::RowRange draw_stretch(Eigen::Index length, double share, core::RandomStream& random) {
  const auto longest = static_cast<std::uint64_t>(static_cast<double>(length) * share);
  const std::uint64_t count = random.below(longest + 1);
  const std::uint64_t first = random.below(static_cast<std::uint64_t>(length) - count + 1);
  return {static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count)};
}

// SpecAugment (Park et al., 2019) without its time warp, which the paper found to matter least. A
// masked band takes the mean of its spectrum, as the paper's zero does where spectra have mean
// zero. A masked frame takes, in every row, the mean of that row over the clip: rows here differ in
// unit.
class SpecAugment : public core::ConfiguredPart<Augmentation, SpecAugmentConfig> {
 public:
  using ConfiguredPart::ConfiguredPart;

  Stage stage() const override { return Stage::kFeatures; }

  void apply_to_features(Eigen::MatrixXf& values, std::span<const dsp::RowRange> spectra,
                         core::RandomStream random) const override {
    if (values.size() == 0) return;
    for (const dsp::RowRange& rows : spectra) {
      auto spectrum = values.middleRows(rows.first, rows.count);
      const auto mean = static_cast<float>(spectrum.cast<double>().mean());
      for (int mask = 0; mask < config().frequency_masks; ++mask) {
        const auto bands = draw_stretch(rows.count, config().frequency_share, random);
        spectrum.middleRows(bands.first, bands.count).setConstant(mean);
      }
    }
    const Eigen::VectorXf means = values.cast<double>().rowwise().mean().cast<float>();
    for (int mask = 0; mask < config().time_masks; ++mask) {
      const auto frames = draw_stretch(values.cols(), config().time_share, random);
      values.middleCols(frames.first, frames.count).colwise() = means;
    }
  }
};

}  // namespace

AugmentationType spec_augment_augmentation() {
  return core::configured_part_type<SpecAugment>(
      R"([{"time_masks": 16, "time_share": 1.0}, {"time_masks": 0}, {"frequency_masks": 0},
          {"frequency_masks": 16, "frequency_share": 1.0}])");
}

}  // namespace ser::augment
