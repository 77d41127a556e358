#include <algorithm>

#include "augment/augmentation_table.h"
#include "augment/between.h"
#include "augment/interval.h"

namespace ser::augment {
namespace {

struct BandWarpConfig {
  static constexpr const char* kKind = "band_warp";
  Interval shift = {-2.0, 2.0};
  Interval factor = {0.95, 1.05};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("shift", self.shift, "least and most of the bands by which spectra move upwards",
          Range{-64.0, 64.0});
    visit("factor", self.factor, "least and most of the factor by which they are stretched",
          Range{0.5, 2.0});
  }

  void check(const std::string& path) const {
    check_interval(path + ".shift", shift);
    check_interval(path + ".factor", factor);
  }
};

// Another voice, by spectra whose bands are read elsewhere: band b is what was at (b - shift) /
// factor, between two bands on the straight line from one to the other, beyond the ends what is
// there. On the mel scale that moves formants about as another vocal tract would, as
// vocal_tract_length does with the filter bank, at next to no cost. All spectra move alike.
class BandWarp : public core::ConfiguredPart<Augmentation, BandWarpConfig> {
 public:
  using ConfiguredPart::ConfiguredPart;

  Stage stage() const override { return Stage::kFeatures; }

  void apply_to_features(Eigen::MatrixXf& values, std::span<const dsp::RowRange> spectra,
                         core::RandomStream random) const override {
    const double shift = draw_from(config().shift, random);
    const double factor = draw_from(config().factor, random);
    Eigen::MatrixXf before;
    for (const dsp::RowRange& rows : spectra) {
      if (rows.count < 2) continue;
      before = values.middleRows(rows.first, rows.count);
      for (Eigen::Index band = 0; band < rows.count; ++band) {
        const auto last = static_cast<double>(rows.count - 1);
        const double place = std::clamp((static_cast<double>(band) - shift) / factor, 0.0, last);
        const auto below = std::min(static_cast<Eigen::Index>(place), rows.count - 2);
        const auto share = static_cast<float>(place - static_cast<double>(below));
        values.row(rows.first + band) = between(before.row(below), before.row(below + 1), share);
      }
    }
  }
};

}  // namespace

AugmentationType band_warp_augmentation() {
  return core::configured_part_type<BandWarp>(
      R"([{"shift": [-64, 64], "factor": [0.5, 2]}, {"shift": [1, 1], "factor": [1, 1]}])");
}

}  // namespace ser::augment
