#include "augment/augmentation_table.h"

namespace ser::augment {
namespace {

struct ExcerptConfig {
  static constexpr const char* kKind = "excerpt";
  int frames = 100;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("frames", self.frames, "frames of it", core::Range{1, 1000000});
  }
};

// A stretch of a longer clip, from anywhere in it; a clip that is no longer stays as it is.
class Excerpt : public core::ConfiguredPart<Augmentation, ExcerptConfig> {
 public:
  using ConfiguredPart::ConfiguredPart;

  Stage stage() const override { return Stage::kFeatures; }

  void apply_to_features(Eigen::MatrixXf& values, std::span<const dsp::RowRange> /*spectra*/,
                         core::RandomStream random) const override {
    const Eigen::Index more = values.cols() - config().frames;
    if (more <= 0) return;
    const auto first =
        static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(more) + 1));
    values = values.middleCols(first, config().frames).eval();
  }
};

}  // namespace

AugmentationType excerpt_augmentation() {
  return core::configured_part_type<Excerpt>(R"([{"frames": 1}, {"frames": 1000000}])");
}

}  // namespace ser::augment
