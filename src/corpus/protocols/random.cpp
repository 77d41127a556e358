#include "corpus/protocols.h"
#include "corpus/split_input.h"
#include "corpus/stratified_draw.h"

namespace ser::corpus {
namespace {

Split split_by_clip(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random) {
  require_class_sizes(input, part_count(config));
  Draw draw =
      draw_members(by_class(input, input.order), {config.validation_share, config.test_share},
                   class_streams(input, random));
  Split split;
  split.statement =
      "draws clips at random from each class, so that speakers and texts may stand on "
      "both sides: trains on " +
      counted(draw.train.size(), "clip") + ", validates on " +
      std::to_string(draw.validation.size()) + ", tests on " + std::to_string(draw.test.size());
  split.train = std::move(draw.train);
  split.validation = std::move(draw.validation);
  split.test = std::move(draw.test);
  return split;
}

class Random : public Protocol {
 public:
  std::string_view name() const override { return "random"; }
  std::string_view description() const override {
    return "draws clips at random: keeps nothing apart, so the score is of voices that were heard";
  }
  Folds folds() const override { return Folds::kOne; }
  std::vector<KeptApart> kept_apart() const override { return {}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    return planned([=, &input] { return split_by_clip(input, config, random.fork("random")); });
  }
};

}  // namespace

const Protocol& random_protocol() {
  static const Random protocol;
  return protocol;
}

}  // namespace ser::corpus
