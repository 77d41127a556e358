#include <algorithm>
#include <cmath>

#include "augment/augmentation_table.h"
#include "augment/between.h"
#include "augment/interval.h"

namespace ser::augment {
namespace {

struct FrameStretchConfig {
  static constexpr const char* kKind = "frame_stretch";
  Interval rate = {0.85, 1.15};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate, "least and most of the tempo that the clip gets",
          core::Range{0.25, 4.0});
  }

  void check(const std::string& path) const { check_interval(path + ".rate", rate); }
};

// Another tempo, by features read at other times: frame t is what was at t * rate, between two
// frames on the straight line from one to the other. Pitch and formants stay, and it costs next to
// nothing beside a stretch of the sound.
class FrameStretch : public core::ConfiguredPart<Augmentation, FrameStretchConfig> {
 public:
  using ConfiguredPart::ConfiguredPart;

  Stage stage() const override { return Stage::kFeatures; }

  void apply_to_features(Eigen::MatrixXf& values, std::span<const dsp::RowRange> /*spectra*/,
                         core::RandomStream random) const override {
    if (values.cols() < 2) return;
    const double rate = draw_from(config().rate, random);
    const Eigen::Index last = values.cols() - 1;
    const auto frames =
        std::max<Eigen::Index>(std::lround(static_cast<double>(last + 1) / rate), 1);
    Eigen::MatrixXf stretched(values.rows(), frames);
    for (Eigen::Index frame = 0; frame < frames; ++frame) {
      const double time = std::min(static_cast<double>(frame) * rate, static_cast<double>(last));
      const auto before = std::min(static_cast<Eigen::Index>(time), last - 1);
      const auto share = static_cast<float>(time - static_cast<double>(before));
      stretched.col(frame) = between(values.col(before), values.col(before + 1), share);
    }
    values.swap(stretched);
  }
};

}  // namespace

AugmentationType frame_stretch_augmentation() {
  return core::configured_part_type<FrameStretch>(R"([{"rate": [0.25, 4]}, {"rate": [2, 2]}])");
}

}  // namespace ser::augment
